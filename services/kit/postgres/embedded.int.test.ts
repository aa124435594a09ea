import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startEmbeddedPostgres } from '#services/kit/postgres/embedded.ts'
import { testClusterPrefix } from '#services/kit/testing/postgres-cluster.ts'

let parent: string
let directory: string

beforeEach(async () => {
  // The name by which the next run finds and ends what a killed run left behind.
  parent = await mkdtemp(join(tmpdir(), `${testClusterPrefix}${process.pid}-`))
  // The parent stands for a place that the unprivileged user can enter, as a clone is.
  await chmod(parent, 0o755)
  directory = join(parent, 'postgres')
})

afterEach(async () => {
  await rm(parent, { recursive: true, force: true })
})

const start = () => startEmbeddedPostgres({ directory, fsync: false })

async function query(url: string, statement: string) {
  const sql = postgres(url, { max: 1 })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

/** A process that starts the server, prints its pid, and is then killed as by `kill -9`. */
async function startAndBeKilled(): Promise<{ pid: number; port: number }> {
  const program = `
    import { startEmbeddedPostgres } from '#services/kit/postgres/embedded.ts'
    const { pid, port } = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, fsync: false })
    console.log(JSON.stringify({ pid, port }))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return z.object({ pid: z.number(), port: z.number() }).parse(JSON.parse(String(line)))
}

describe('an embedded PostgreSQL', () => {
  test('keeps its data and its password over a stop and a second start', async () => {
    const first = await start()
    await query(first.url, `create table note (body text); insert into note values ('kept')`)
    await first.stop()

    const second = await start()
    try {
      expect(second.adopted).toBe(false)
      expect(await query(second.url, 'select body from note')).toEqual([{ body: 'kept' }])
      expect(new URL(second.url).password).toBe(new URL(first.url).password)
    } finally {
      await second.stop()
    }
  })

  test('is adopted by the next start when its platform was killed', async () => {
    const orphan = await startAndBeKilled()
    const adopted = await start()
    try {
      expect(adopted).toMatchObject({ ...orphan, adopted: true })
      expect(await query(adopted.url, 'select 1 as one')).toEqual([{ one: 1 }])
    } finally {
      await adopted.stop()
    }
  })

  test('starts again after it was killed itself', async () => {
    const first = await start()
    await query(first.url, 'create table note (body text)')
    process.kill(first.pid, 'SIGKILL')
    await expect.poll(() => query(first.url, 'select 1').catch(() => 'gone'), { timeout: 10_000 }).toBe('gone')

    const second = await start()
    try {
      expect(second.adopted).toBe(false)
      expect(await query(second.url, 'select count(*)::int from note')).toEqual([{ count: 0 }])
    } finally {
      await second.stop()
    }
  })

  test('has stopped when stop returns, and may be stopped again', async () => {
    const server = await start()
    await server.stop()
    await server.stop()
    await expect(query(server.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })

  test('asks for a password, kept in a file that only its user can read', async () => {
    const server = await start()
    try {
      const wrong = new URL(server.url)
      wrong.password = 'wrong'
      await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
      expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600)
    } finally {
      await server.stop()
    }
  })

  test('sorts and folds case alike on every system', async () => {
    const server = await start()
    try {
      const [locale] = await query(
        server.url,
        `select datlocprovider as provider, datlocale as locale, upper('straße é') as upper, current_setting('TimeZone') as zone
         from pg_database where datname = current_database()`,
      )
      expect(locale).toEqual({ provider: 'b', locale: 'C.UTF-8', upper: 'STRAßE É', zone: 'UTC' })
    } finally {
      await server.stop()
    }
  })

  test('says how to go on when its password file is gone', async () => {
    await (await start()).stop()
    await rm(join(directory, 'password'))
    await expect(start()).rejects.toThrow(/password is missing.*delete .*postgres to start with an empty database/)
  })

  test('says in the words of PostgreSQL why it does not start', async () => {
    await (await start()).stop()
    await writeFile(join(directory, 'data', 'PG_VERSION'), '12\n')
    await expect(start()).rejects.toThrow(/PostgreSQL did not start in .*database files are incompatible with server/s)
  })
})
