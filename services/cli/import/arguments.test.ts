import { describe, expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('files alone mean the local platform and its own login', () => {
  expect(readArguments(['courses', 'a.md', 'b.md'])).toEqual({
    kind: 'courses',
    options: { files: ['a.md', 'b.md'], baseUrl: new URL('http://127.0.0.1:3000/'), dataDirectory: '.data' },
  })
})

test('flags name another platform, login and language', () => {
  const flags = [
    '--url',
    'https://example.org/api',
    '--email',
    'a@example.org',
    '--password',
    'p',
    '--language',
    'PT-br',
  ]
  expect(readArguments(['courses', 'a.md', ...flags])).toMatchObject({
    options: {
      baseUrl: new URL('https://example.org/api/'),
      login: { email: 'a@example.org', password: 'p' },
      language: 'pt-BR',
    },
  })
})

test('a quiz is one file for one lesson, with its terms', () => {
  const lesson = 'les_01950000-0000-7000-8000-000000000001'
  const platform = { baseUrl: new URL('http://127.0.0.1:3000/'), dataDirectory: '.data' }
  expect(readArguments(['quiz', 'a.gift', '--lesson', lesson])).toEqual({
    kind: 'quiz',
    options: { file: 'a.gift', lessonId: lesson, ...platform, passPercent: 60 },
  })
  const terms = ['--title', 'Rivers', '--per-attempt', '10', '--attempts', '3', '--pass', '80']
  expect(readArguments(['quiz', 'a.gift', '--lesson', lesson, ...terms])).toMatchObject({
    options: { title: 'Rivers', questionsPerAttempt: 10, maxAttempts: 3, passPercent: 80 },
  })
})

test('--help wins', () => expect(readArguments(['--help'])).toEqual({ kind: 'help' }))

describe('wrong usage', () => {
  test.each([
    [[], 'courses'],
    [['people', 'a.md'], 'people'],
    [['courses'], 'file'],
    [['quiz', 'a.gift'], '--lesson'],
    [['quiz', 'a.gift', '--lesson', 'crs_1'], '--lesson'],
    [['quiz', 'a.gift', 'b.gift'], 'one file'],
    [['quiz', 'a.gift', '--lesson', 'les_01950000-0000-7000-8000-000000000001', '--pass', '1.5'], '--pass'],
    [['courses', 'a.md', '--nonsense'], '--nonsense'],
    [['courses', 'a.md', '--url', 'ftp://example.org'], 'ftp://example.org'],
    [['courses', 'a.md', '--language', 'fa_IR'], 'fa_IR'],
    [['courses', 'a.md', '--email', 'a@example.org'], '--password'],
  ])('%j names %s', (argv, word) => {
    expect(readArguments(argv)).toEqual({ kind: 'wrong', message: expect.stringContaining(word) })
  })
})
