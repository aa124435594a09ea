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

test('--help wins', () => expect(readArguments(['--help'])).toEqual({ kind: 'help' }))

describe('wrong usage', () => {
  test.each([
    [[], 'courses'],
    [['people', 'a.md'], 'people'],
    [['courses'], 'file'],
    [['courses', 'a.md', '--nonsense'], '--nonsense'],
    [['courses', 'a.md', '--url', 'ftp://example.org'], 'ftp://example.org'],
    [['courses', 'a.md', '--language', 'fa_IR'], 'fa_IR'],
    [['courses', 'a.md', '--email', 'a@example.org'], '--password'],
  ])('%j names %s', (argv, word) => {
    expect(readArguments(argv)).toEqual({ kind: 'wrong', message: expect.stringContaining(word) })
  })
})
