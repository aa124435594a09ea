import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { createTestDatabase, ensureTemplate, type TestDatabase } from '#services/kit/testing/database.ts'

async function query(database: Pick<TestDatabase, 'url'>, statement: string) {
  const sql = postgres(database.url, { max: 1 })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

describe('createTestDatabase', () => {
  test('gives every caller an empty database of its own, and drops it', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
    await query(one, 'create table note (body text)')
    await expect(query(other, 'select * from note')).rejects.toThrow('relation "note" does not exist')
    await Promise.all([one.drop(), other.drop()])
    await expect(query(one, 'select 1')).rejects.toThrow('does not exist')
  })

  test('drops a database that still has connections', async () => {
    const database = await createTestDatabase()
    const sql = postgres(database.url, { max: 1, onclose: () => undefined })
    await sql`select 1`
    await database.drop()
    await expect(query(database, 'select 1')).rejects.toThrow('does not exist')
    await sql.end()
  })
})

describe('ensureTemplate', () => {
  test('migrates once for all who ask at the same time, and each copy is independent', async () => {
    let migrations = 0
    const ensure = () =>
      ensureTemplate('notes', async (url) => {
        migrations++
        await query({ url }, `create table note (body text); insert into note values ('seed')`)
      })
    const [template] = await Promise.all([ensure(), ensure(), ensure()])
    expect(migrations).toBe(1)

    const [one, other] = await Promise.all([createTestDatabase({ template }), createTestDatabase({ template })])
    await query(one, 'delete from note')
    expect(await query(other, 'select body from note')).toEqual([{ body: 'seed' }])
    await Promise.all([one.drop(), other.drop()])
  })

  test('starts over after a migration that failed', async () => {
    const failing = ensureTemplate('fails-once', async (url) => {
      await query({ url }, 'create table half_done ()')
      throw new Error('migration failed')
    })
    await expect(failing).rejects.toThrow('migration failed')

    const template = await ensureTemplate('fails-once', async (url) => {
      await query({ url }, 'create table half_done ()')
    })
    const database = await createTestDatabase({ template })
    expect(await query(database, 'select * from half_done')).toEqual([])
    await database.drop()
  })
})
