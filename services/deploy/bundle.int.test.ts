import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { bundle, type Bundle, sourceOf } from './bundle.ts'

const execute = promisify(execFile)

/** Runs a program with nothing but the given environment, and tells how it ended. */
const run = (file: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: unknown; stderr: string }> =>
  execute(process.execPath, [file], { env, cwd: '/' }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }: { code: unknown; stderr: string }) => ({ code, stderr }),
  )

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bundle-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const PdfOf = z.custom<(invoice: object) => Promise<unknown>>((given) => typeof given === 'function')

describe('the bundle of a service', () => {
  let made: Bundle
  beforeAll(async () => {
    made = await bundle({ source: sourceOf('learning', 'main'), directory: join(directory, 'learning') })
  })

  test('starts with nothing beside it, and names the variables that it misses', async () => {
    const { code, stderr } = await run(made.file)
    expect(code).toBe(1)
    expect(stderr).toContain('DATABASE_URL: missing')
    expect(stderr).toContain('CURSOR_SECRET: missing')
  })

  test('loads the clients of AWS when it needs them', async () => {
    const filesWith = async (text: string) => {
      const codes = await Promise.all(made.files.map(({ name }) => readFile(join(dirname(made.file), name), 'utf8')))
      return made.files.filter((_, at) => codes[at]?.includes(text))
    }
    expect((await filesWith('AmazonSQS')).map(({ eager }) => eager)).toEqual([false])
    expect((await filesWith('AWSEvents')).map(({ eager }) => eager)).toEqual([false])
    expect(made.files.find(({ name }) => name === 'main.mjs')?.eager).toBe(true)
  })

  test('has the files beside it that its sources name', async () => {
    const { file } = await bundle({ source: 'services/payment/invoice-pdf.ts', directory: join(directory, 'pdf') })
    const { invoicePdf } = z.object({ invoicePdf: PdfOf }).parse(await import(pathToFileURL(file).href))
    const money = { amount: 100, currency: 'EUR' }
    const lines = [{ description: 'Linear algebra', money }]
    const pdf = await invoicePdf({
      kind: 'invoice',
      number: '2026-000001',
      issuer: 'X',
      lines,
      total: money,
      issuedAt: 0,
    })
    expect(
      z
        .object({ body: z.instanceof(Uint8Array) })
        .parse(pdf)
        .body.toString(),
    ).toMatch(/^%PDF-/)
  })

  test('knows nothing of the machine that made it', async () => {
    expect(await readFile(made.file, 'utf8')).not.toContain(process.cwd())
  })
})

const Tables = z.object({ migrations: z.string() })

test.each([
  ['learning', 'learningTables'],
  ['payment', 'paymentTables'],
])('a source of %s finds the files beside it at its own path under the bundle', async (service, name) => {
  const folder = `services/${service}/infrastructure/postgres`
  const { file } = await bundle({ source: `${folder}/tables.ts`, directory: join(directory, 'a place', service) })
  const exported = z.record(z.string(), z.unknown()).parse(await import(pathToFileURL(file).href))
  expect(Tables.parse(exported[name]).migrations).toBe(join(dirname(file), folder, 'migrations'))
})
