import { z } from 'zod'
import { scalars } from './scalars.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** `input`: what a caller may send; `output`: what comes out of parsing. */
export type SchemaSide = 'input' | 'output'

/** What texts of a format have at most. */
const LONGEST: Readonly<Record<string, number>> = { 'date-time': 40, date: 10, uuid: 36 }

/** Of ids, `crs_` and a UUID, also behind a word: `learner:usr_...`. */
const lengthOfId = (pattern: string | undefined): number | undefined => {
  const prefix = /^\^((?:[a-z]+:)?[a-z]+_)\(\[0-9a-fA-F\]\{8\}-/.exec(pattern ?? '')?.[1]
  return prefix === undefined ? undefined : prefix.length + 36
}

const INT32_MAX = 2_147_483_647

/** True for an integer that 32 bits hold, as generated clients ask. */
const isSmall = ({ minimum = -Infinity, maximum = Infinity }: JsonSchema): boolean =>
  minimum >= -INT32_MAX && maximum <= INT32_MAX

/**
 * The JSON Schema of one side of a zod schema, shared scalars under `$defs`. Throws where a schema has no such form.
 * @param owner named in the error, e.g. the command's type
 */
export const jsonSchemaOf = (schema: z.ZodType, side: SchemaSide, owner: string): JsonSchema => {
  try {
    return z.toJSONSchema(schema, {
      io: side,
      metadata: scalars,
      // What a caller sends may be checked by a function (z.custom); what we send must be described in full.
      unrepresentable: side === 'input' ? 'any' : 'throw',
      override: ({ jsonSchema }) => {
        // The pattern of a calendar with leap years says no more than the format, in 300 characters; of instants, those
        // in UTC are meant.
        if (jsonSchema.format === 'date') delete jsonSchema.pattern
        if (jsonSchema.format === 'date-time') jsonSchema.pattern = 'Z$'
        const longest = LONGEST[jsonSchema.format ?? ''] ?? lengthOfId(jsonSchema.pattern)
        if (longest !== undefined) jsonSchema.maxLength ??= longest
        if (jsonSchema.type === 'integer') jsonSchema.format ??= isSmall(jsonSchema) ? 'int32' : 'int64'
      },
    })
  } catch (cause) {
    throw new Error(`The ${side} of "${owner}" has no JSON Schema. help: describe data only, without transforms.`, {
      cause,
    })
  }
}

/** True for `z.void()` and `z.undefined()`: there is nothing to send. */
export const isNothing = (schema: z.ZodType): boolean => schema instanceof z.ZodVoid || schema instanceof z.ZodUndefined

const isSchema = (schema: z.core.JSONSchema._JSONSchema | undefined): schema is JsonSchema => typeof schema === 'object'

/** The schema that a local `$ref` names (`#`, `#/$defs/Name`), or the schema itself. */
export const resolveRef = (schema: JsonSchema, root: JsonSchema): JsonSchema => {
  if (schema.$ref === undefined) return schema
  if (schema.$ref === '#') return root
  const target = root.$defs?.[schema.$ref.slice('#/$defs/'.length)]
  if (!target) throw new Error(`The schema reference ${schema.$ref} names nothing.`)
  return resolveRef(target, root)
}

/** The alternatives of a union, or of an intersection its parts. */
export const branchesOf = ({ anyOf, oneOf, allOf }: JsonSchema): readonly JsonSchema[] => anyOf ?? oneOf ?? allOf ?? []

export interface Field {
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** The fields of an object schema; of a union those of every branch, required where one branch requires them. */
export const fieldsOf = (schema: JsonSchema, root: JsonSchema = schema): Field[] => {
  const { properties = {}, required = [], ...rest } = resolveRef(schema, root)
  const own = Object.entries(properties)
    .filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]))
    .map(([name, field]) => ({ name, schema: field, required: required.includes(name) }))
  const fields = new Map(own.map((field) => [field.name, field]))
  for (const field of branchesOf(rest).flatMap((branch) => fieldsOf(branch, root)))
    fields.set(field.name, { ...field, required: field.required || (fields.get(field.name)?.required ?? false) })
  return [...fields.values()]
}

/** The JSON types that a schema admits, through references and unions. */
export const typesOf = (schema: JsonSchema, root: JsonSchema): readonly string[] => {
  const { type, ...rest } = resolveRef(schema, root)
  return [...(type === undefined ? [] : [type].flat()), ...branchesOf(rest).flatMap((branch) => typesOf(branch, root))]
}
