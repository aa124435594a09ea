import { describe, expect, test } from 'vitest'
import { applyCourse } from './apply-course.ts'
import { CHUNKS, chunkOf } from './chunks.ts'
import { courseCard } from './course-card.ts'
import { courseJsonLd, decimal } from './course-json-ld.ts'
import { coursePage } from './course-page.ts'
import type { CatalogRedis } from './redis.ts'
import { storedBytes } from './stored-bytes.ts'
import { courseView, run } from './testing/course-view.ts'

/** Records what a projector would send to Redis. */
const recording = () => {
  const sent: string[] = []
  const redis: CatalogRedis = {
    command: async () => null,
    script: async (_, keys, args) => {
      sent.push(...keys, ...args)
      return 'applied'
    },
  }
  return { redis, sent }
}

describe('what is stored of a course', () => {
  test('holds no field that the view does not declare', async () => {
    const { redis, sent } = recording()
    const leaky = { ...courseView(1), canary: 'private', runs: [{ ...run(1), seatsTaken: 'private' }] }
    await applyCourse(redis, leaky)
    expect(sent.join(' ')).not.toContain('private')
    expect(sent.join(' ')).not.toContain('canary')
  })

  test('is never a draft', async () => {
    const { redis, sent } = recording()
    const draft = JSON.parse(JSON.stringify({ ...courseView(1), status: 'draft' }))
    await expect(applyCourse(redis, draft)).rejects.toThrow('status')
    expect(sent).toEqual([])
  })

  test('has the same bytes and tag for the same view, and others for another', () => {
    const bytes = (title: string) => storedBytes(coursePage(courseView(1, { title })))
    expect(bytes('A')).toEqual(bytes('A'))
    expect(bytes('A').etag).not.toBe(bytes('B').etag)
    expect(bytes('A').etag).toMatch(/^"[\w-]{22}"$/)
  })

  test('a card is a fraction of the page', () => {
    expect(courseCard(courseView(1))).not.toHaveProperty('sections')
    expect(coursePage(courseView(1))).toMatchObject({ lessonCount: 2, slug: 'course-1' })
  })
})

describe('JSON-LD', () => {
  test('describes the course and its runs in words of schema.org', () => {
    const price = { amount: 4999, currency: 'EUR' } as const
    const document = courseJsonLd(courseView(1, { runs: [run(1, { price, full: true })] }))
    expect(document).toMatchObject({
      '@type': 'Course',
      name: 'Course 1',
      hasCourseInstance: [
        {
          '@type': 'CourseInstance',
          offers: { price: '49.99', priceCurrency: 'EUR', availability: 'https://schema.org/SoldOut' },
        },
      ],
    })
  })

  test.each([
    [{ amount: 5, currency: 'EUR' }, '0.05'],
    [{ amount: 1999, currency: 'USD' }, '19.99'],
    [{ amount: 500, currency: 'JPY' }, '500'],
    [{ amount: 1, currency: 'KWD' }, '0.001'],
  ] as const)('writes %o as %s', (money, text) => {
    expect(decimal(money)).toBe(text)
  })
})

test('ids spread over all chunks', () => {
  const chunks = new Set(Array.from({ length: 2000 }, (_, n) => chunkOf(courseView(n).courseId)))
  expect(chunks.size).toBe(CHUNKS)
})
