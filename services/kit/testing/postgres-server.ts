import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { z } from 'zod'

/** The server that the tests of one run share, and the prefix of the databases that belong to the run. */
export interface TestServer {
  readonly url: string
  readonly prefix: string
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer
  }
}

const oldestVersion = 180_000

export function testServerAt(url: string): TestServer {
  return { url, prefix: `test_${randomBytes(4).toString('hex')}` }
}

/** Throws with what to do unless a PostgreSQL 18 answers there. */
export async function checkServer(url: string): Promise<void> {
  const { host } = new URL(url)
  const version = await asOwner(url, async (sql) => {
    const rows = await sql`select current_setting('server_version_num')::int as version`
    return z.array(z.object({ version: z.int() })).parse(rows)[0]?.version ?? 0
  }).catch((error: Error) => {
    throw new Error(`DATABASE_URL is set, but ${host} does not let us in: ${error.message || String(error)}`)
  })
  if (version < oldestVersion) {
    throw new Error(`DATABASE_URL names a PostgreSQL of version ${version} at ${host}; 18 or later is needed.`)
  }
}

/** Drops what the tests of this run left behind, templates included. */
export async function dropDatabasesOf(server: TestServer): Promise<void> {
  await asOwner(server.url, async (sql) => {
    const rows = await sql`select datname as name from pg_database where starts_with(datname, ${server.prefix})`
    for (const { name } of z.array(z.object({ name: z.string() })).parse(rows)) await dropDatabase(sql, name)
  })
}

export async function dropDatabase(sql: postgres.Sql, name: string): Promise<void> {
  await sql`update pg_database set datistemplate = false where datname = ${name} and datistemplate`
  await sql`drop database if exists ${sql(name)} with (force)`
}

export async function asOwner<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}
