import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { componentSchemas } from '#edge/catalog/openapi/schemas.ts'
import { arabicList, hindiList, japaneseList } from '#services/cli/import/fixtures.ts'
import { importCourses } from '#services/cli/import/import-courses.ts'
import { systemIds } from '#services/kit/ids.ts'
import { catalogClient, listCatalog, titlesOf } from './testing/catalog.ts'
import type { TestClient } from './testing/client.ts'
import { makePerson, type Person } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'

const { Facets } = componentSchemas

let platform: TestPlatform
let catalog: TestClient
let admin: Person
let directory: string
beforeAll(async () => {
  platform = await startTestPlatform({ catalog: true })
  catalog = await catalogClient(platform)
  admin = await makePerson(platform, 'learner', 'admin')
  directory = await mkdtemp(join(tmpdir(), 'course-lists-'))
})
afterAll(async () => {
  await platform.stop()
  await rm(directory, { recursive: true, force: true })
})

/** `npm run import -- courses FILE...`, and what it prints. */
const runImport = async (files: readonly string[]) => {
  const lines: string[] = []
  const out = (line: string): void => void lines.push(line)
  const { email, password } = admin
  const options = {
    files,
    baseUrl: new URL(platform.client.baseUrl),
    dataDirectory: directory,
    login: { email, password },
  }
  const exitCode = await importCourses(options, {
    terminal: { out, error: out },
    runId: systemIds.next('run'),
    wait: setTimeout,
    now: () => performance.now(),
  })
  return { exitCode, lines, ...countsIn(lines.at(-2) ?? '', lines.at(-1) ?? '') }
}

const numbersIn = (line: string): number[] => (line.match(/\d+(\.\d+)?/g) ?? []).map(Number)
/** The last two lines of the summary. */
const countsIn = (readLine: string, loadedLine: string) => {
  const [read = 0, found = 0, repeated = 0, notUsed = 0] = numbersIn(readLine)
  const [loaded = 0, , created = 0, updated = 0, unchanged = 0, refused = 0, notSent = 0, seconds = 0] =
    numbersIn(loadedLine)
  return { read, found, repeated, notUsed, loaded, created, updated, unchanged, refused, notSent, seconds }
}
const facets = (query = '') => catalog.expect(200, Facets, 'GET', `/catalog/v1/facets?${query}`)
const slugsOf = async (query: string) => (await listCatalog(catalog, query)).items.map(({ slug }) => slug)
const untilPublic = (total: number) => eventually(`${total} courses`, async () => (await facets()).total === total)

describe('lists of courses', () => {
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name)
    await writeFile(path, text)
    return path
  }

  test('are public after one run; what could not be used is named; a second run changes nothing', async () => {
    const files = [
      await write('free-courses-ar.md', arabicList),
      await write('free-courses-ja.md', japaneseList),
      await write('free-courses-hi.md', hindiList),
    ]
    const first = await runImport(files)
    expect(first).toMatchObject({ exitCode: 0, found: 8, repeated: 2, notUsed: 1, created: 6, refused: 0, notSent: 0 })
    expect(first.lines.join('\n')).toMatch(/free-courses-hi\.md:10: .*hi\/broken/)
    await untilPublic(6)
    expect(await titlesOf(catalog, 'q=折り紙')).toEqual(['折り紙入門'])
    expect((await facets('free=true')).total).toBe(6)

    const before = await listCatalog(catalog, 'sort=title')
    expect(await runImport(files)).toMatchObject({ exitCode: 0, created: 0, updated: 0, unchanged: 6 })
    expect(await listCatalog(catalog, 'sort=title')).toEqual(before)
  })

  test('that say something new change the course, which keeps its address', async () => {
    const [before] = await slugsOf('q=折り紙')
    const file = await write('free-courses-ja.md', japaneseList.replace('折り紙入門]', '折り紙の基礎]'))
    expect(await runImport([file])).toMatchObject({ created: 0, updated: 1, unchanged: 1 })
    const [after] = await eventually('the new title', async () => {
      const slugs = await slugsOf('q=基礎')
      return slugs.length > 0 && slugs
    })
    expect(after).toBe(before)
  })
})

const published = join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
const lists = existsSync(published) ? readdirSync(published).filter((name) => /^free-courses-.*\.md$/.test(name)) : []

describe.runIf(lists.length > 0)('the published lists', () => {
  const files = lists.map((name) => join(published, name))

  test('are all public within seconds', { timeout: 120_000 }, async () => {
    const { total: before } = await facets()
    const startMs = performance.now()
    const { exitCode, read, found, repeated, notUsed, created, refused, notSent, seconds } = await runImport(files)
    await untilPublic(before + created)
    const publicSeconds = (performance.now() - startMs) / 1000
    process.stdout.write(
      `${lists.length} lists: ${read} lines in, ${created} courses out, ${repeated} repeated, ` +
        `${notUsed + refused} refused; loaded in ${seconds} s, all public after ${publicSeconds.toFixed(1)} s\n`,
    )
    expect([exitCode, notSent]).toEqual([0, 0])
    expect(created + refused).toBe(found - repeated)
    expect(created).toBeGreaterThan(2_000)
  })

  test('change nothing the second time', { timeout: 120_000 }, async () => {
    const { total } = await facets()
    const again = await runImport(files)
    expect(again).toMatchObject({ exitCode: 0, created: 0, updated: 0, notSent: 0 })
    process.stdout.write(`the second time ${again.unchanged} unchanged in ${again.seconds} s\n`)
    expect((await facets()).total).toBe(total)
  })

  test.each([
    ['q=البرمجة&language=ar', /البرمج/],
    ['q=हिंदी&language=hi', /हिंदी|हिन्दी/],
    ['q=操作系统&language=zh', /操作系统/],
    ['q=python&language=en', /python/i],
  ])('are searched in every script: %s', async (query, title) => {
    const { items } = await listCatalog(catalog, query)
    expect(items.length).toBeGreaterThan(0)
    for (const item of items.slice(0, 3)) expect(item.title).toMatch(title)
  })

  test('are counted by language and subject, and listed page by page', async () => {
    const { total, language, subject } = await facets()
    const languages = new Set(language.map(({ value }) => value))
    for (const tag of ['ar', 'en', 'es', 'fa-IR', 'hi', 'zh']) expect(languages).toContain(tag)
    expect(subject.find(({ value }) => value === 'python')?.count).toBeGreaterThan(20)
    const slugs = new Set<string | undefined>()
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await listCatalog(catalog, `sort=title&limit=100&fields=slug&cursor=${cursor}`)
      for (const { slug } of page.items) slugs.add(slug)
      cursor = page.nextCursor
    }
    expect(slugs.size).toBe(total)
  })
})
