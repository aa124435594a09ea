import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { provision } from '#services/user/provision.ts'
import { makePerson, type Person } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'

const newAccount = () => ({ email: `${randomUUID()}@example.org`, password: `pass-${randomUUID()}` })

const Failed = z.object({ stdout: z.string() })

/** What it found, for people. */
const outputOf = (error: unknown): string => Failed.safeParse(error).data?.stdout ?? String(error)

/** The program; CI installs it. */
const program = process.env['SCHEMATHESIS']
const directory = join(import.meta.dirname, '../../openapi/schemathesis')
const run = promisify(execFile)

describe.skipIf(program === undefined)('the documents, held against what the services answer', () => {
  let platform: TestPlatform
  let caller: Person
  const spare = Array.from({ length: 100 }, newAccount)
  beforeAll(async () => {
    platform = await startTestPlatform({
      rateLimiter: {
        take: async (_, { limit }) => ({
          allowed: true,
          limit,
          remaining: limit,
          resetSeconds: 0,
          retryAfterSeconds: 0,
        }),
      },
    })
    // May do everything, and cannot leave, since there is no other admin; the rest are there to be lost.
    caller = await makePerson(platform, 'learner', 'tutor', 'admin')
    for (const account of spare)
      await provision(platform.operator, { ...account, displayName: 'Some Body', roles: ['learner'] })
  })
  afterAll(() => platform.stop())

  test.each(['user', 'learning', 'payment'])('%s', { timeout: 400_000 }, async (service) => {
    const api = platform.platform.apiUrl
    const { stdout } = await run(
      program ?? '',
      ['--config-file', join(directory, 'schemathesis.toml'), 'run', `${api}/openapi/${service}.json`, '--url', api],
      {
        // It leaves notes where it runs.
        cwd: platform.directory,
        env: {
          ...process.env,
          PYTHONPATH: directory,
          API_URL: api,
          TOKEN: caller.token,
          CALLER: caller.userId,
          SPARE_ACCOUNTS: JSON.stringify(spare),
        },
        maxBuffer: 64 * 1024 * 1024,
      },
    ).catch((error: unknown) => Promise.reject(new Error(outputOf(error), { cause: error })))
    expect(stdout).toMatch(/Selected: (\d+)\/\1\s+Tested: \1\s/)
    expect(stdout).not.toContain('Authentication stopped working')
    expect(stdout).not.toContain('Rate limited')
  })
})
