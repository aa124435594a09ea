import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { admin, startFakePlatform } from './fake-platform.ts'
import { arabicList, hindiList, japaneseList } from './fixtures.ts'
import { type ImportOptions, importCourses } from './import-courses.ts'

let folder: string
let platform: Awaited<ReturnType<typeof startFakePlatform>>
let runs = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'course-lists-'))
  platform = await startFakePlatform()
  await file('credentials.json', JSON.stringify({ admin }))
})

afterEach(async () => {
  await platform.close()
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A list of as many courses as titles. */
const englishList = (titles: readonly string[]) =>
  ['### Crafts', '', ...titles.map((title, at) => `* [${title}](https://example.org/${at})`)].join('\n')
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `Course ${at}`)

async function run(files: string[], more: Partial<ImportOptions> = {}) {
  const out: string[] = []
  const progress: string[] = []
  const waits: number[] = []
  const terminal = { out: (line: string) => out.push(line), error: (line: string) => progress.push(line) }
  const wait = async (milliseconds: number) => waits.push(milliseconds)
  const options = { files, baseUrl: platform.baseUrl, dataDirectory: folder, ...more }
  const exitCode = await importCourses(options, { terminal, wait, runId: `run-${++runs}`, now: () => 0 })
  const report = out.join('\n').replaceAll(`${folder}/`, '')
  return { exitCode, report, progress, waits, numbers: out.at(-1) }
}

describe('loading', () => {
  test('all lists load in their languages, and repeats and refusals are reported with their places', async () => {
    const files = [
      await file('free-courses-ar.md', arabicList),
      await file('free-courses-fa_IR.md', japaneseList),
      await file('free-courses-hi.md', hindiList),
    ]
    const { exitCode, report } = await run(files)
    expect(exitCode).toBe(0)
    expect(report).toBe(`Not used:
  free-courses-hi.md:10: the link is relative: an address begins with https:// or http://: * [टूटा लिंक](hi/broken)

Repeated, counted where they stand first:
  free-courses-fa_IR.md:14: as in free-courses-fa_IR.md:9: https://courses.example.org/ja/origami
  free-courses-hi.md:9: as in free-courses-hi.md:8: HTTPS://Courses.Example.org:443/hi/sandhi

Read 50 lines: 8 courses, 2 of them repeated; 1 not used.
Loaded 6 of 6 courses: 6 created, 0 updated, 0 unchanged; 0 refused, 0 not sent; 0.0 s.`)
    expect(JSON.parse(platform.courses.get('https://courses.example.org/ar/wool') ?? '')).toEqual({
      url: 'https://courses.example.org/ar/wool',
      title: 'أنواع الصوف',
      language: 'ar',
      subject: { slug: 'الصوف', name: 'الصوف', parent: { slug: 'الحياكة', name: 'الحياكة' } },
      provider: 'Wool House',
    })
    expect(JSON.parse(platform.courses.get('https://courses.example.org/ja/origami') ?? '')).toMatchObject({
      language: 'fa-IR',
      provider: '架空太郎 (折紙学園)',
    })
  })

  test('a second run is looked at afresh and changes nothing; a changed title is an update', async () => {
    const list = await file('free-courses-en.md', englishList(numbered(3)))
    await run([list])
    expect((await run([list])).numbers).toContain('0 created, 0 updated, 3 unchanged')
    await file('free-courses-en.md', englishList(['Course 0', 'Renamed', 'Course 2']))
    expect((await run([list])).numbers).toContain('0 created, 1 updated, 2 unchanged')
  })

  test('batches hold at most 100 courses, each with a key of its own, and a line of progress each', async () => {
    const { exitCode, progress } = await run([await file('free-courses-en.md', englishList(numbered(250)))])
    expect(exitCode).toBe(0)
    expect(platform.seen.sizes).toEqual([100, 100, 50])
    expect(new Set(platform.seen.keys).size).toBe(3)
    expect(progress).toEqual(['100 of 250 courses', '200 of 250 courses', '250 of 250 courses'])
  })

  test('--language speaks for files whose name does not', async () => {
    await run([await file('list.md', englishList(numbered(1)))], { language: 'cy' })
    expect(platform.courses.get('https://example.org/0')).toContain('"language":"cy"')
  })

  test('what the platform refuses is reported with its line, and takes nothing from the rest', async () => {
    const titles = ['Course 0', 'Unwanted', 'Course 2', 'Unreadable', 'Course 4']
    const { exitCode, report, numbers } = await run([await file('free-courses-en.md', englishList(titles))])
    expect(exitCode).toBe(0)
    expect(report).toContain(
      'free-courses-en.md:4: refused by the platform: TITLE_TAKEN: no[31m: https://example.org/1',
    )
    expect(report).toContain('free-courses-en.md:6: refused by the platform: 400 INVALID title: https://example.org/3')
    expect(numbers).toContain('Loaded 3 of 5 courses: 3 created, 0 updated, 0 unchanged; 2 refused, 0 not sent')
  })
})

describe('a platform in trouble', () => {
  const list = () => file('free-courses-en.md', englishList(numbered(150)))

  test('429 and 503 are tried again, after the time that Retry-After asks for, with the same key', async () => {
    platform.faults.push({ status: 429, retryAfter: '7' }, { status: 503 })
    const { exitCode, waits, numbers } = await run([await list()])
    expect(exitCode).toBe(0)
    expect(waits).toEqual([7000, 500])
    expect(platform.seen.sizes).toEqual([100, 100, 100, 50])
    expect(new Set(platform.seen.keys).size).toBe(2)
    expect(numbers).toContain('150 created')
  })

  test('Retry-After may be a date', async () => {
    platform.faults.push({ status: 503, retryAfter: new Date(Date.now() + 60_000).toUTCString() })
    const { waits } = await run([await list()])
    expect(waits[0]).toBeGreaterThan(50_000)
    expect(waits[0]).toBeLessThanOrEqual(60_000)
  })

  test('a batch whose answer was lost counts as created, once', async () => {
    platform.faults.push({ status: 504, afterSaving: true })
    expect((await run([await list()])).numbers).toContain('150 created, 0 updated, 0 unchanged')
  })

  test('a platform that stays unavailable ends the run after a bounded number of tries, and all is accounted for', async () => {
    platform.faults.push({ status: 500 }, ...Array.from({ length: 6 }, () => ({ status: 503 })))
    const { exitCode, report, numbers } = await run([await file('free-courses-en.md', englishList(numbered(350)))])
    expect(exitCode).toBe(1)
    expect(platform.seen.keys).toHaveLength(7)
    expect(report).toContain('100 courses, free-courses-en.md:3 to free-courses-en.md:102: 500 NOT_NOW')
    expect(report).toContain('250 courses, free-courses-en.md:103 to free-courses-en.md:352: ')
    expect(report).toContain('still answers 503 after 6 tries. Try again later.')
    expect(numbers).toContain('0 refused, 350 not sent')
  })

  test('a wait of many minutes is left to the person', async () => {
    platform.faults.push({ status: 429, retryAfter: '3600' })
    const { exitCode, waits, report } = await run([await list()])
    expect([exitCode, waits]).toEqual([1, []])
    expect(report).toContain('asks to wait 3600 s')
  })

  test('an expired token is renewed once and the batch sent again', async () => {
    platform.faults.push({ status: 401 })
    expect((await run([await list()])).exitCode).toBe(0)
    expect(platform.seen.logins).toBe(2)
  })

  test('an account that is not an administrator is told so', async () => {
    platform.faults.push({ status: 403 })
    const { exitCode, report } = await run([await list()])
    expect(exitCode).toBe(1)
    expect(report).toContain('admin@example.org is not an administrator: 403 NOT_NOW')
  })

  test('nobody listening is said at once, with what to do', async () => {
    const baseUrl = platform.baseUrl
    await platform.close()
    const { exitCode, waits, report } = await run([await list()], { baseUrl })
    platform = await startFakePlatform()
    expect([exitCode, waits]).toEqual([1, []])
    expect(report).toContain(`No platform answers at ${baseUrl.origin}. Start it with "npm start"`)
  })

  test('a wrong password, and a data directory without a login, are named', async () => {
    const wrong = { ...admin, password: 'wrong' }
    expect((await run([await list()], { login: wrong })).report).toContain(
      'does not accept the login of admin@example.org',
    )
    const elsewhere = join(folder, 'elsewhere')
    expect((await run([await list()], { dataDirectory: elsewhere })).report).toContain(
      'credentials.json does not exist',
    )
  })
})

test('a file that cannot be read is named with its reason, and the others load', async () => {
  await mkdir(join(folder, 'lists'))
  const files = [
    join(folder, 'missing.md'),
    join(folder, 'lists'),
    await file('empty.md', ''),
    await file('picture.md', Uint8Array.of(0x89, 0x50, 0, 1)),
    await file('latin1.md', Buffer.from('### Caf\u00e9\n* caf\u00e9', 'latin1')),
    await file('prose.md', 'Nothing to see here.'),
    await file('nameless.md', englishList(numbered(1))),
    await file('free-courses-en.md', englishList(numbered(2))),
  ]
  const { exitCode, report, numbers } = await run(files)
  expect(exitCode).toBe(1)
  expect(report).toContain(`Not read:
  missing.md: does not exist
  lists: is a directory: name the files in it
  empty.md: is empty
  picture.md: is a binary file, not Markdown in UTF-8
  latin1.md: is not UTF-8 (line 1): save it in that encoding
  prose.md: does not name its language (free-courses-fr.md would be French): give --language
  nameless.md: does not name its language`)
  expect(numbers).toContain('Loaded 2 of 2 courses: 2 created')
})

test('a file without any list is named', async () => {
  const { report } = await run([await file('free-courses-en.md', 'Nothing to see here.\n')])
  expect(report).toContain('free-courses-en.md: holds no list of courses')
})
