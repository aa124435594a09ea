import { branchesOf, fieldsOf, type JsonSchema, resolveRef } from '../json-schema.ts'
import { sampleId } from '../scalars.ts'

const MAX_DEPTH = 6

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-11-23T06:12:38.123Z',
  date: '2026-11-23',
  email: 'learner@example.org',
  uri: 'https://example.org/page',
  uuid: '019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
}

/** Texts that fit the patterns in use: slugs, locales, codes, zones, hashes. */
const CANDIDATES = [
  'an-example',
  'example',
  'en',
  'en-GB',
  'EXAMPLE',
  '123456',
  'Europe/Berlin',
  '09:00',
  'ab'.repeat(32),
]

const textFor = ({ format, pattern, minLength = 0, maxLength = 200 }: JsonSchema, name: string): string => {
  const known = format === undefined ? undefined : BY_FORMAT[format]
  if (known !== undefined) return known
  if (pattern !== undefined) {
    const expression = new RegExp(pattern, 'u')
    return sampleId(pattern) ?? CANDIDATES.find((text) => expression.test(text)) ?? name
  }
  return `${name}${' example'.repeat(Math.ceil(Math.max(0, minLength - name.length) / 8))}`.slice(0, maxLength)
}

const numberFor = ({ minimum = 1, maximum, exclusiveMinimum }: JsonSchema): number => {
  const least = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum
  const wanted = Math.max(least, 1)
  return maximum === undefined ? wanted : Math.min(wanted, maximum)
}

/** An example made from a schema: its own example, default or constant where it has one, else something that fits. */
export const exampleOf = (schema: JsonSchema, root: JsonSchema = schema, name = 'text', depth = 0): unknown => {
  const target = resolveRef(schema, root)
  const given = target.examples?.[0] ?? target.default ?? target.const ?? target.enum?.[0]
  if (given !== undefined) return given
  if (target.allOf) return objectFor(target, root, depth)
  const branch = branchesOf(target).find(({ type }) => type !== 'null')
  if (branch) return exampleOf(branch, root, name, depth)
  const type = [target.type].flat().find((one) => one !== 'null')
  if (type === 'object') return objectFor(target, root, depth)
  if (type === 'array') return arrayFor(target, root, name, depth)
  if (type === 'string') return textFor(target, name)
  if (type === 'boolean') return true
  return type === 'integer' || type === 'number' ? numberFor(target) : null
}

const objectFor = (schema: JsonSchema, root: JsonSchema, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(schema, root)
      .filter(({ required }) => required || depth < MAX_DEPTH / 2)
      .map((field) => [field.name, exampleOf(field.schema, root, field.name, depth + 1)]),
  )

const arrayFor = ({ items, prefixItems }: JsonSchema, root: JsonSchema, name: string, depth: number): unknown[] => {
  const schemas = prefixItems ?? (depth < MAX_DEPTH && items !== undefined ? [items].flat() : [])
  return schemas.map((item) => (typeof item === 'object' ? exampleOf(item, root, name, depth + 1) : null))
}
