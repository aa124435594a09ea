import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { jsonSchemaOf } from './json-schema.ts'
import { compileSerialiser } from './serialiser.ts'

const serialiserOf = (schema: z.ZodType) => {
  const serialise = compileSerialiser(jsonSchemaOf(schema, 'output', 'test'))
  return (value: unknown): unknown => JSON.parse(serialise(value))
}

const Node = z.object({
  name: z.string(),
  get children() {
    return z.array(Node)
  },
})

describe('a serialiser', () => {
  test.each([
    ['an object', z.object({ a: z.string() }), { a: 'x', canary: 1 }, { a: 'x' }],
    ['a strict object', z.strictObject({ a: z.int() }), { a: 1, canary: 1 }, { a: 1 }],
    ['a list', z.array(z.object({ a: z.int() })), [{ a: 1, canary: 1 }, { a: 2 }], [{ a: 1 }, { a: 2 }]],
    [
      'a nullable object',
      z.object({ m: z.object({ a: z.int() }).nullable() }),
      { m: { a: 1, canary: 1 } },
      { m: { a: 1 } },
    ],
    ['null', z.object({ m: z.object({ a: z.int() }).nullable() }), { m: null, canary: 1 }, { m: null }],
    ['an absent field', z.object({ m: z.object({}).optional() }), { canary: 1 }, {}],
    ['a tuple', z.tuple([z.object({ a: z.int() }), z.string()]), [{ a: 1, canary: 1 }, 'x'], [{ a: 1 }, 'x']],
    [
      'a record',
      z.record(z.string(), z.object({ a: z.int() })),
      { constructor: { a: 1, canary: 1 } },
      { constructor: { a: 1 } },
    ],
    ['a loose object', z.looseObject({ a: z.int() }), { a: 1, more: 2 }, { a: 1, more: 2 }],
    [
      'an intersection',
      z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })),
      { a: 1, b: 2, canary: 3 },
      { a: 1, b: 2 },
    ],
    [
      'a recursive object',
      Node,
      { name: 'a', children: [{ name: 'b', children: [], canary: 1 }] },
      { name: 'a', children: [{ name: 'b', children: [] }] },
    ],
    [
      'a union of a text and an object',
      z.array(z.union([z.string(), z.object({ a: z.int() })])),
      ['x', { a: 1, canary: 1 }],
      ['x', { a: 1 }],
    ],
  ])('keeps what the schema names: %s', (_name, schema, value, expected) => {
    expect(serialiserOf(schema)(value)).toEqual(expected)
  })

  test('answers each branch of a discriminated union with its own fields', () => {
    const serialise = serialiserOf(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), shared: z.int(), onlyA: z.int() }),
        z.object({ kind: z.literal('b'), shared: z.int(), onlyB: z.int().nullable() }),
      ]),
    )
    const all = { shared: 1, onlyA: 2, onlyB: null }
    expect(serialise({ kind: 'a', ...all })).toEqual({ kind: 'a', shared: 1, onlyA: 2 })
    expect(serialise({ kind: 'b', ...all })).toEqual({ kind: 'b', shared: 1, onlyB: null })
  })

  test('refuses a value of no branch rather than guess what may be shown', () => {
    const schema = z.object({ one: z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]) })
    expect(() => serialiserOf(schema)({ one: { secret: 1 } })).toThrow(TypeError)
  })

  test('agrees with parse and stringify on everything that fits', () => {
    const schema = z.object({
      text: z.string(),
      count: z.int().optional(),
      flag: z.boolean().nullable(),
      items: z.array(z.object({ at: z.string(), n: z.number() })),
      either: z.union([z.object({ left: z.string() }), z.object({ right: z.int() }), z.null()]),
    })
    const text = fc.string({ unit: 'grapheme' })
    const value = fc.record(
      {
        text,
        count: fc.integer(),
        flag: fc.option(fc.boolean()),
        items: fc.array(fc.record({ at: text, n: fc.double({ noNaN: true, noDefaultInfinity: true }), canary: text })),
        either: fc.oneof(fc.record({ left: text }), fc.record({ right: fc.integer() }), fc.constant(null)),
        canary: text,
      },
      { requiredKeys: ['text', 'flag', 'items', 'either'] },
    )
    const serialise = serialiserOf(schema)
    fc.assert(
      fc.property(value, (one) => {
        expect(serialise(one)).toEqual(JSON.parse(JSON.stringify(schema.parse(one))))
      }),
    )
  })

  test('stops the start where an output cannot be described', () => {
    expect(() => serialiserOf(z.string().transform((text) => text.length))).toThrow('help:')
  })
})
