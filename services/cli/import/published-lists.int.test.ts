import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gatherCourses } from './gather-courses.ts'
import { languageOfFile } from './list-language.ts'
import { linesOf } from './markdown.ts'
import { parseCourseList } from './parse-course-list.ts'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data')
const lists = existsSync(folder) ? readdirSync(folder).filter((name) => /^free-courses-.*\.md$/.test(name)) : []

describe.runIf(lists.length > 0)('the published lists', () => {
  test.each(lists)('%s: each list item is a course, a refusal or in the index', async (name) => {
    const text = await readFile(join(folder, name), 'utf8')
    const { items, refused, index } = parseCourseList(text, { language: languageOfFile(name) ?? 'und' })
    const accounted = [...items, ...refused].map(({ line }) => line).concat(index)
    const written = linesOf(text).flatMap((line, at) => (/^\s*[*+-] /.test(line) ? [at + 1] : []))
    expect(accounted.toSorted((a, b) => a - b)).toEqual(written)
    expect(items.length).toBeGreaterThan(refused.length)
  })

  test('together they leave no subject without a slug and no file unread', async () => {
    const gathered = await gatherCourses(lists.map((name) => join(folder, name)))
    expect(gathered.problems).toEqual([])
    const slugs = new Set(gathered.courses.map(({ subject }) => subject.slug))
    expect([...slugs].filter((slug) => !/^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*$/u.test(slug))).toEqual([])
    expect([...slugs]).toEqual(expect.arrayContaining(['c', 'cpp', 'c-sharp', 'dotnet', '人工知能']))
  })
})
