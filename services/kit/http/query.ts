import { type Field, type JsonSchema, typesOf } from './json-schema.ts'
import { REFUSALS, wrongParameter } from './refusals.ts'
import { requireStorable } from './storable-text.ts'

/** Reads a parameter's text as what its schema asks for; what does not fit stays text, for the schema to refuse. */
export type ReadParameter = (text: string) => unknown

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/

const asText: ReadParameter = (text) => text
const asNumber: ReadParameter = (text) => (NUMBER.test(text) ? Number(text) : text)
const asBoolean: ReadParameter = (text) => (text === 'true' ? true : text === 'false' ? false : text)

export const readerOf = (schema: JsonSchema, root: JsonSchema): ReadParameter => {
  const types = typesOf(schema, root)
  if (types.includes('string')) return asText
  if (types.includes('integer') || types.includes('number')) return asNumber
  return types.includes('boolean') ? asBoolean : asText
}

/** The fields of an input that a query string fills: readers by name, and which names may repeat. */
export interface QueryPlan {
  readonly read: ReadonlyMap<string, ReadParameter>
  readonly lists: ReadonlySet<string>
}

const isList = ({ schema }: Field, root: JsonSchema): boolean => typesOf(schema, root).includes('array')

const itemOf = ({ schema }: Field): JsonSchema =>
  typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : {}

export const planQuery = (fields: readonly Field[], root: JsonSchema): QueryPlan => {
  const lists = new Set(fields.filter((field) => isList(field, root)).map(({ name }) => name))
  const readers = fields.map((field): [string, ReadParameter] => [
    field.name,
    readerOf(lists.has(field.name) ? itemOf(field) : field.schema, root),
  ])
  return { read: new Map(readers), lists }
}

/**
 * Adds the parameters of a query string to an input. Names that the plan does not know are added as they are, so that a
 * strict schema refuses them. Throws 400 where a name that is no list comes twice.
 */
export const readQuery = (url: string, plan: QueryPlan, input: Record<string, unknown>): void => {
  const start = url.indexOf('?')
  if (start < 0) return
  for (const [name, text] of new URLSearchParams(url.slice(start + 1))) {
    requireStorable(text, () => ({ parameter: name }))
    const value = (plan.read.get(name) ?? asText)(text)
    const present = Object.hasOwn(input, name) ? input[name] : undefined
    if (plan.lists.has(name)) input[name] = Array.isArray(present) ? [...present, value] : [value]
    else if (present !== undefined || name === '__proto__')
      throw wrongParameter(REFUSALS.invalidInput, name, 'Give this parameter once, and only where it is known.')
    else input[name] = value
  }
}
