import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

/** Where CI has installed Spectral and OWASP's rules. */
const installed = process.env['SPECTRAL']
const documents = join(import.meta.dirname, 'documents')

const Failed = z.object({ stdout: z.string() })

describe.skipIf(installed === undefined)("the documents by Spectral's rules and OWASP's", () => {
  let folder: string
  let ruleset: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spectral-'))
    ruleset = join(folder, 'ruleset.yaml')
    const owasp = join(installed ?? '', 'node_modules/@stoplight/spectral-owasp-ruleset/dist/ruleset.js')
    const own = await readFile(join(import.meta.dirname, 'spectral/ruleset.yaml'), 'utf8')
    await writeFile(ruleset, `extends: ${JSON.stringify(['spectral:oas', owasp])}\n${own}`)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const findings = async (document: string): Promise<string> => {
    const program = join(installed ?? '', 'node_modules/@stoplight/spectral-cli/dist/index.js')
    const args = [program, 'lint', '--ruleset', ruleset, '--fail-severity', 'warn', '--format', 'text', document]
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })
      return stdout
    } catch (error) {
      return Failed.parse(error).stdout
    }
  }

  test.each(['user', 'learning', 'payment'])('%s', { timeout: 60_000 }, async (service) => {
    expect(await findings(join(documents, `${service}.json`))).toContain('No results with a severity of')
  })

  test('which find a text without a limit', { timeout: 60_000 }, async () => {
    const schema = { type: 'object', properties: { name: { type: 'string' } } }
    const post = { requestBody: { content: { 'application/json': { schema } } }, responses: {} }
    const document = join(folder, 'document.json')
    await writeFile(document, JSON.stringify({ openapi: '3.1.0', info: {}, paths: { '/things': { post } } }))
    expect(await findings(document)).toContain('texts-of-requests-are-limited')
  })
})
