import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrateServices, serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'

const SCHEMAS = [user, learning, payment].map(({ tables }) => tables.schema)
const INSUFFICIENT_PRIVILEGE = '42501'

let database: TestDatabase
let owner: postgres.Sql
const connections = new Map<string, postgres.Sql>()
/** Every table, by schema, as the owner sees them. */
let tables: readonly { readonly schema: string; readonly name: string }[]

beforeAll(async () => {
  database = await createTestDatabase()
  await migrateServices(
    database.url,
    [user, learning, payment].map((service) => service.tables),
  )
  owner = postgres(database.url, { max: 1 })
  tables = z
    .array(z.object({ schema: z.string(), name: z.string() }))
    .parse(
      await owner`select schemaname as schema, tablename as name from pg_tables where schemaname = any(${SCHEMAS})`,
    )
  for (const schema of SCHEMAS) connections.set(schema, postgres(serviceUrl(database.url, schema), { max: 1 }))
})
afterAll(async () => {
  await Promise.all([owner, ...connections.values()].map((sql) => sql.end()))
  await database.drop()
})

const roleOf = (schema: string): postgres.Sql => {
  const sql = connections.get(schema)
  if (!sql) throw new Error(`There is no role for ${schema}.`)
  return sql
}

const isOwn = (schema: string) => (table: (typeof tables)[number]) => table.schema === schema

/** The code of the database's refusal; undefined where it let the statement through. */
const refusalOf = async (sql: postgres.Sql, statement: string): Promise<string | undefined> => {
  try {
    await sql.unsafe(statement)
    return undefined
  } catch (error) {
    return error instanceof postgres.PostgresError ? error.code : String(error)
  }
}

describe.each(SCHEMAS)('the role of %s', (schema) => {
  test('reads the tables of its own schema', async () => {
    const own = tables.filter(isOwn(schema)).filter(({ name }) => name !== 'schema_migrations')
    expect(own.length).toBeGreaterThan(5)
    for (const { name } of own)
      expect(await refusalOf(roleOf(schema), `select 1 from "${schema}"."${name}" limit 1`), name).toBeUndefined()
  })

  test('neither reads nor writes any table of another schema', async () => {
    const foreign = tables.filter((table) => !isOwn(schema)(table))
    expect(foreign.length).toBeGreaterThan(10)
    for (const { schema: other, name } of foreign)
      for (const statement of [
        `select 1 from "${other}"."${name}" limit 1`,
        `delete from "${other}"."${name}" where false`,
        `insert into "${other}"."${name}" default values`,
      ])
        expect(await refusalOf(roleOf(schema), statement), statement).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test.each([
    'create table OWN.extra (id text)',
    'create table public.extra (id text)',
    'create schema extra',
    'drop table OWN.outbox',
    'alter table OWN.outbox add column extra text',
    'alter table OWN.outbox disable trigger all',
    'truncate OWN.outbox',
    'create index on OWN.outbox (id)',
    'select 1 from OWN.schema_migrations',
    "create function OWN.extra() returns int language sql as 'select 1'",
    'create role extra',
    'create database extra',
    'select rolpassword from pg_authid',
    "copy (select 1) to program 'true'",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    'alter system set log_statement to "all"',
  ])('may not %s', async (statement) => {
    const own = statement.replaceAll('OWN', `"${schema}"`)
    expect(await refusalOf(roleOf(schema), own)).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('has no right beyond logging in, belongs to no other role and owns nothing', async () => {
    const sql = roleOf(schema)
    const [role] = await sql`select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls
      from pg_roles where rolname = current_user`
    expect(Object.values(role ?? {})).toEqual([false, false, false, false, false])
    expect(
      await sql`select 1 from pg_auth_members m join pg_roles r on r.oid = m.member
      where r.rolname = current_user`,
    ).toHaveLength(0)
    expect(
      await sql`select 1 from pg_class c join pg_roles r on r.oid = c.relowner
      where r.rolname = current_user`,
    ).toHaveLength(0)
  })

  test('does not become another role', async () => {
    const names = z
      .array(z.object({ name: z.string() }))
      .parse(
        await owner`select rolname as name from pg_roles where rolname = current_user or rolname like ${`${database.name}_%`}`,
      )
    const own = z.array(z.object({ name: z.string() })).parse(await roleOf(schema)`select current_user as name`)
    const others = names.filter(({ name }) => name !== own[0]?.name)
    expect(others.length).toBeGreaterThan(2)
    for (const { name } of others)
      expect(await refusalOf(roleOf(schema), `set role "${name}"`), name).toBe(INSUFFICIENT_PRIVILEGE)
  })
})
