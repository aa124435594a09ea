import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import postgres from 'postgres'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from './contracts.ts'
import { migrationFolders } from './migrations.ts'

let database: TestDatabase
let directory: string

/** The function's files as they lie in Lambda: one bundle, and what is copied beside it. */
beforeAll(async () => {
  database = await createTestDatabase()
  directory = mkdtempSync(join(tmpdir(), 'migrate-function-'))
  await build({
    entryPoints: ['services/deploy/migrate.ts'],
    outfile: join(directory, 'services/deploy/migrate.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // The same as SST puts there.
    banner: {
      js: `import { createRequire as topLevelCreateRequire } from 'module';const require = topLevelCreateRequire(import.meta.url);`,
    },
    logLevel: 'error',
  })
  for (const { from, to } of migrationFolders()) cpSync(from, join(directory, to), { recursive: true })
})

afterAll(async () => {
  rmSync(directory, { recursive: true })
  await database.drop()
})

const invoke = () => {
  const call = `const { handler } = await import('./services/deploy/migrate.mjs'); await handler()`
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', call], {
    cwd: directory,
    env: { DATABASE_URL: database.url, LAMBDA_TASK_ROOT: directory },
  })
}

describe('the function that migrates', () => {
  test('makes every schema and its role, and changes nothing when it is called again', async () => {
    await invoke()
    await invoke()
    for (const { tables } of SERVICES) {
      const sql = postgres(serviceUrl(database.url, tables.schema), { max: 1 })
      try {
        expect(await sql`select count(*)::int as waiting from ${sql(tables.schema)}.outbox`).toEqual([{ waiting: 0 }])
      } finally {
        await sql.end()
      }
    }
  })
})
