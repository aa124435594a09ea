import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

/** The program; CI installs it. */
const program = process.env['OASDIFF']
const root = join(import.meta.dirname, '..')
const directory = join(root, 'openapi')

const git = (...args: readonly string[]): string =>
  execFileSync('git', [...args], { cwd: root, encoding: 'utf8' }).trim()

/** A clone without history cannot tell what clients were promised. */
const canCompare = (): boolean => program !== undefined && git('rev-parse', '--is-shallow-repository') === 'false'

const Failed = z.object({ stdout: z.string() })

/** What clients written against the first document cannot count on in the second; nothing in the best case. */
const breaksOf = async (before: string, after: string): Promise<string> => {
  const levels = join(directory, 'breaking-levels.txt')
  const args = ['breaking', '--fail-on', 'ERR', '--format', 'singleline', '--severity-levels', levels, before, after]
  try {
    await promisify(execFile)(program ?? '', args, { cwd: root })
    return ''
  } catch (error) {
    return Failed.parse(error).stdout
  }
}

describe.skipIf(!canCompare())('the documents keep what clients were promised', () => {
  const promised = readFileSync(join(directory, 'promised-by'), 'utf8').trim()

  test.each(['user', 'learning', 'payment'])('%s', async (service) => {
    const document = `openapi/documents/${service}.json`
    expect(await breaksOf(`${promised}:${document}`, document)).toBe('')
  })

  test('which is noticed when it is broken', async () => {
    const document = 'openapi/documents/payment.json'
    expect(await breaksOf(document, 'openapi/documents/user.json')).toContain('GET /v1/payments')
  })
})
