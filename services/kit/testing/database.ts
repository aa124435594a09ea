import { randomBytes } from 'node:crypto'
import type postgres from 'postgres'
import { inject } from 'vitest'
import { z } from 'zod'
import { asOwner, dropDatabase } from './postgres-server.ts'

export interface TestDatabase {
  /** The owner's URL of this database. */
  readonly url: string
  readonly name: string
  /** Disconnects everybody and drops it. What a test forgets to drop goes when the run ends. */
  drop(): Promise<void>
}

export interface TestDatabaseOptions {
  /** A template's name from `ensureTemplate`; an empty database without one. */
  readonly template?: string
}

/**
 * A fresh database for one test file, on the server of DATABASE_URL or else on an embedded one that the run shares.
 * Roles belong to the whole server: tests that create some name them after `name`.
 *
 * @example
 * const template = await ensureTemplate('learning', (url) => migrateLearning(url))
 * const database = await createTestDatabase({ template })
 * afterAll(() => database.drop())
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('testServer')
  const name = `${server.prefix}_${randomBytes(6).toString('hex')}`
  await asOwner(server.url, (sql) => createDatabase(sql, name, options.template))
  return { name, url: urlOf(name), drop: () => asOwner(server.url, (sql) => dropDatabase(sql, name)) }
}

/**
 * Makes a database once per run, for others to be copied from (a copy takes tens of milliseconds, migrations more).
 * Test files in parallel share it: the first one migrates, the rest wait.
 *
 * @param name of the schema that it holds, such as the service's
 * @param migrate gets the owner's URL of an empty database; all its connections are closed when it is done
 * @returns the template's name, for `createTestDatabase`
 */
export async function ensureTemplate(name: string, migrate: (url: string) => Promise<void>): Promise<string> {
  const server = inject('testServer')
  const template = `${server.prefix}_template_${name.replaceAll(/\W/g, '_')}`
  await asOwner(server.url, async (sql) => {
    await sql`select pg_advisory_lock(hashtext(${template}))`
    if (await isFinished(sql, template)) return
    // A run of migrate that failed in another test file leaves an unfinished one.
    await dropDatabase(sql, template)
    await createDatabase(sql, template)
    await migrate(urlOf(template))
    await sql`alter database ${sql(template)} with is_template true allow_connections false`
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${template}`
  })
  return template
}

/** The same locale on every server, so that an order of rows tested on one holds on the other. */
async function createDatabase(sql: postgres.Sql, name: string, template?: string): Promise<void> {
  if (template) await sql`create database ${sql(name)} template ${sql(template)}`
  else {
    await sql`create database ${sql(name)} template template0 encoding 'UTF8'
      locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'`
  }
}

async function isFinished(sql: postgres.Sql, template: string): Promise<boolean> {
  const rows = await sql`select datistemplate as finished from pg_database where datname = ${template}`
  return z.array(z.object({ finished: z.boolean() })).parse(rows)[0]?.finished ?? false
}

function urlOf(name: string): string {
  const url = new URL(inject('testServer').url)
  url.pathname = `/${name}`
  return url.href
}
