import { createHmac } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { flushCheckSql } from '#bus/postgres/flush-check.ts'
import type { ServiceTables } from '../service.ts'

const roleOf = (owner: URL, schema: string): string => `${owner.pathname.slice(1)}_${schema}`.slice(0, 63)

/** Who knows the owner's URL can derive the roles' passwords; nothing has to be stored beside it. */
const passwordOf = (owner: URL, role: string): string =>
  createHmac('sha256', owner.password || 'trusted')
    .update(role)
    .digest('base64url')

/** The URL that a service connects with: its own role, which reaches its own schema and no other. */
export const serviceUrl = (ownerUrl: string, schema: string): string => {
  const owner = new URL(ownerUrl)
  const url = new URL(ownerUrl)
  url.username = roleOf(owner, schema)
  url.password = passwordOf(owner, url.username)
  return url.href
}

const createRole = async (sql: postgres.Sql, role: string, password: string): Promise<void> => {
  const [found] = await sql`select 1 from pg_roles where rolname = ${role}`
  if (!found) await sql.unsafe(`create role "${role}" login noinherit`)
  await sql.unsafe(`alter role "${role}" password '${password}'`)
}

/** Old rights are given again after each migration, so that new tables are covered; its history is the owner's. */
const grant = async (sql: postgres.Sql, schema: string, role: string): Promise<void> => {
  await sql.unsafe(`
    revoke all on schema "${schema}" from public;
    grant usage on schema "${schema}" to "${role}";
    grant select, insert, update, delete on all tables in schema "${schema}" to "${role}";
    grant usage on all sequences in schema "${schema}" to "${role}";
    grant execute on all functions in schema "${schema}" to "${role}";
    revoke all on "${schema}".schema_migrations from "${role}";`)
}

/**
 * Brings the schemas of the given services up to date and gives each its role, with the owner's rights and one process
 * at a time. Running it again changes nothing.
 */
export const migrateServices = async (ownerUrl: string, services: readonly ServiceTables[]): Promise<void> => {
  const owner = new URL(ownerUrl)
  const sql = postgres(ownerUrl, { max: 1, fetch_types: false, onnotice: () => undefined })
  try {
    await sql`select pg_advisory_lock(hashtext('migrate'))`
    for (const { schema, migrations } of services) {
      await migrate(drizzle(sql), {
        migrationsFolder: migrations,
        migrationsSchema: schema,
        migrationsTable: 'schema_migrations',
      })
      await sql.unsafe(flushCheckSql(schema))
      const role = roleOf(owner, schema)
      await createRole(sql, role, passwordOf(owner, role))
      await grant(sql, schema, role)
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
