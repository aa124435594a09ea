import { describe, expect, test } from 'vitest'
import { nextSearch, readListQuery } from './read-list-query.ts'

const canonical = (search: string) => readListQuery(search).canonical

describe('the same query in other words is the same query', () => {
  test.each([
    ['order of parameters', 'level=a&language=en', 'language=en&level=a'],
    ['order of alternatives', 'level=b,a', 'level=a&level=b'],
    ['repeated alternatives', 'level=a&level=a,a', 'level=a'],
    ['parameters nobody knows', 'utm_source=x&level=a&_=1&LEVEL=b', 'level=a'],
    ['defaults', 'limit=20&sort=newest&free=false&q=', ''],
    ['percent encoding', '%6c%65vel=%61', 'level=a'],
    ['writing of the search text', 'q=%C3%89COLE++de%20Cuisine', 'q=ecole+de+cuisine'],
    ['case of a language', 'language=EN-gb', 'language=en-GB'],
    ['order of fields', 'fields=title,id', 'fields=id,title'],
    ['empty alternatives', 'subject=,,&level=a,', 'level=a'],
  ])('%s', (_, one, other) => {
    expect(canonical(one)).toBe(canonical(other))
  })

  test('queries that differ stay different', () => {
    const queries = [
      '',
      'q=a',
      'level=a',
      'tutor=a',
      'free=true',
      'rating=4',
      'limit=21',
      'fields=id',
      'sort=title',
      'cursor=a',
    ]
    expect(new Set(queries.map(canonical)).size).toBe(queries.length)
  })
})

describe('400', () => {
  test.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=101'],
    ['limit', 'limit=1e1'],
    ['limit', 'limit=5&limit=5'],
    ['sort', 'sort=cheapest'],
    ['fields', 'fields=id,password'],
    ['availability', 'availability=soon'],
    ['currency', 'currency=eur'],
    ['priceMin', 'currency=EUR&priceMin=-1'],
    ['priceMax', 'currency=EUR&priceMax=9.99'],
    ['free', 'free=1'],
    ['rating', 'rating=0'],
    ['rating', 'rating=4.5'],
    ['q', 'q=a&q=b'],
    ['q', `q=${'a'.repeat(201)}`],
    ['subject', 'subject=a%00b'],
    ['level', `level=${Array.from({ length: 21 }, (_, n) => n)}`],
  ])('names the parameter %s in %s', (parameter, search) => {
    expect(() => readListQuery(search)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ parameter })] }),
    )
  })

  test('names all parameters that are wrong', () => {
    expect(() => readListQuery('limit=0&sort=x')).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ parameter: 'sort' }), expect.objectContaining({ parameter: 'limit' })],
      }),
    )
  })
})

describe('422', () => {
  test.each(['priceMin=1', 'priceMax=1', 'currency=EUR&priceMin=2&priceMax=1', 'sort=relevance'])('%s', (search) => {
    expect(() => readListQuery(search)).toThrow(expect.objectContaining({ status: 422 }))
  })
})

test('a search of signs alone stays a search', () => {
  expect(readListQuery('q=%3F%3F%3F').filter.q).toBe('?')
})

test('the next page keeps filters, sort, limit and fields', () => {
  const query = readListQuery('level=b,a&limit=5&fields=id')
  const next = readListQuery(nextSearch(query, 'abc').slice(1))
  expect(next).toMatchObject({ scope: query.scope, limit: 5, fields: ['id'], cursor: 'abc' })
})
