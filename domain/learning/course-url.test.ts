import { describe, expect, test } from 'vitest'
import { courseUrlKey } from './course-url.ts'

describe('one address in two spellings', () => {
  test.each([
    ['HTTPS://Example.ORG/Course', 'https://example.org/Course'],
    [' https://example.org ', 'https://example.org/'],
    ['https://example.org:443/a', 'https://example.org/a'],
    ['http://example.org:80/a', 'http://example.org/a'],
    ['https://example.org/b/../a', 'https://example.org/a'],
    ['https://example.org/a#', 'https://example.org/a'],
    ['https://example.org/%7eada/%d8%a2', 'https://example.org/~ada/%D8%A2'],
    ['https://example.org/آ', 'https://example.org/%D8%A2'],
    ['https://example.org/a\u200f', 'https://example.org/a'],
    ['https://bücher.example/a', 'https://xn--bcher-kva.example/a'],
  ])('%s and %s', (one, other) => expect(courseUrlKey(one)).toBe(courseUrlKey(other)))
})

describe('different addresses, which may be different courses', () => {
  test.each([
    ['https://example.org/a', 'https://example.org/A'],
    ['https://example.org/a', 'https://example.org/a/'],
    ['https://example.org/a', 'http://example.org/a'],
    ['https://example.org/a', 'https://www.example.org/a'],
    ['https://example.org/a?list=1', 'https://example.org/a?list=2'],
    ['https://example.org/#/course/1', 'https://example.org/#/course/2'],
    ['https://example.org/a%2Fb', 'https://example.org/a/b'],
  ])('%s and %s', (one, other) => expect(courseUrlKey(one)).not.toBe(courseUrlKey(other)))
})
