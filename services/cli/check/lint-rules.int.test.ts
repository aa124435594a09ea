import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { projectRoot } from './files.ts'

/** One violation each; the first line of a file is line 1. */
const violations = [
  ['eslint(eqeqeq)', 'services/equal.ts', 'export const same = (a: number, b: number) => a == b'],
  ['eslint(no-console)', 'services/print.ts', `console.log('x')`],
  ['eslint(no-restricted-properties)', 'domain/random.ts', 'export const dice = () => Math.random()'],
  [
    'eslint(no-restricted-properties)',
    'bus/raw.ts',
    'export const run = (db: { unsafe(q: string): void }) => db.unsafe(``)',
  ],
  ['eslint(no-restricted-imports)', 'bus/env.ts', `import { env } from 'node:process'\nexport const x = env`],
  ['eslint(no-unused-vars)', 'services/unused.ts', 'const unused = 1'],
  ['import(no-cycle)', 'services/one.ts', `import { two } from '#services/two.ts'\nexport const one = () => two`],
  ['import(no-cycle)', 'services/two.ts', `import { one } from './one.ts'\nexport const two = () => one`],
  ['node(no-process-env)', 'services/environment.ts', 'export const x = process.env.X'],
  ['typescript(await-thenable)', 'services/await.ts', 'export const f = async (x: number) => await x'],
  ['typescript(ban-ts-comment)', 'services/ignore.ts', '// @ts-ignore\nexport const x = 1'],
  ['typescript(consistent-type-assertions)', 'services/cast.ts', 'export const f = (x: unknown) => x as string'],
  [
    'typescript(consistent-type-imports)',
    'services/type.ts',
    `import { T } from './t.ts'\nexport const f = (x: T) => x`,
  ],
  ['typescript(no-explicit-any)', 'services/any.ts', 'export const f = (x: any) => String(x)'],
  ['typescript(no-floating-promises)', 'services/float.ts', 'export const f = (p: () => Promise<void>) => { p() }'],
  [
    'typescript(no-misused-promises)',
    'services/misuse.ts',
    'export const f = (p: Promise<void>) => { if (p) return 1 }',
  ],
  ['typescript(no-non-null-assertion)', 'services/bang.ts', 'export const f = (x?: { y: 1 }) => x!.y'],
  ['vitest(no-disabled-tests)', 'services/skip.test.ts', `import { test } from 'vitest'\ntest.skip('x', () => {})`],
  ['vitest(no-focused-tests)', 'services/only.test.ts', `import { test } from 'vitest'\ntest.only('x', () => {})`],
] as const

const clean = [
  ['services/t.ts', 'export type T = string'],
  ['services/const.ts', `export const pair = ['a', 'b'] as const`],
  ['services/kit/config.ts', 'export const environment = process.env'],
  ['services/cli/print.ts', `console.log('x')`],
] as const

const Report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) })

let directory: string
let found: string[]

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lint-rules-'))
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
    cpSync(join(projectRoot, file), join(directory, file))
  symlinkSync(join(projectRoot, 'node_modules'), join(directory, 'node_modules'))
  for (const [path, source] of [...violations.map(([, ...file]) => file), ...clean]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), `${source}\n`)
  }
  const oxlint = join(projectRoot, 'node_modules', '.bin', 'oxlint')
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], { cwd: directory, encoding: 'utf8' })
  found = Report.parse(JSON.parse(stdout)).diagnostics.map(({ code, filename }) => `${code} ${filename}`)
})

afterAll(() => rmSync(directory, { recursive: true }))

describe('lint rules', () => {
  test.each(violations)('%s is found in %s', (rule, path) => {
    expect(found).toContain(`${rule} ${path}`)
  })

  test.each(clean)('nothing is found in %s', (path) => {
    expect(found.filter((line) => line.endsWith(` ${path}`))).toEqual([])
  })
})
