import { expect, test } from 'vitest'
import { parseForm } from './form.ts'

test('brackets nest, and lists are numbered', () => {
  expect(parseForm('amount=1&metadata[a]=b&metadata%5Bc%5D=d&x[]=1&x[]=2')).toEqual({
    amount: '1',
    metadata: { a: 'b', c: 'd' },
    x: { 0: '1', 1: '2' },
  })
})

test('a parameter named after a prototype changes none', () => {
  const form = parseForm('__proto__[polluted]=yes&metadata[__proto__]=x')
  expect(Object.keys(form)).toEqual(['__proto__', 'metadata'])
  expect({}).not.toHaveProperty('polluted')
})

test('endless nesting is refused', () => {
  expect(() => parseForm(`a${'[b]'.repeat(50)}=1`)).toThrow('Invalid request parameters.')
})
