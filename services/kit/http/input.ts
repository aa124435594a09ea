import type { FieldProblem } from '#domain/kernel/errors.ts'
import type { HonoRequest } from 'hono'
import { parseJson, readText, requireMediaType } from './body.ts'
import { type Field, fieldsOf, type JsonSchema, resolveRef } from './json-schema.ts'
import { planQuery, type QueryPlan, type ReadParameter, readerOf, readQuery } from './query.ts'
import { type ProblemItem, REFUSALS, Refusal, wrongParameter } from './refusals.ts'
import type { HttpMethod, Route } from './route.ts'
import { requireStorable } from './storable-text.ts'

export const VERSION_FIELD = 'expectedVersion'
export const DEFAULT_MAX_BODY_BYTES = 1_048_576
const STRONG_VERSION_TAG = /^"(\d{1,15})"$/

interface BodyPlan {
  readonly mediaType: string
  readonly maxBytes: number
  /** A POST that may say nothing may do without a body. */
  readonly optional: boolean
  readonly fields: readonly Field[]
}

/** Where each field of an operation's input comes from; made once. */
export interface InputPlan {
  readonly schema: JsonSchema
  readonly path: readonly (Field & { readonly read: ReadParameter })[]
  readonly queryFields: readonly Field[]
  readonly query: QueryPlan | undefined
  readonly body: BodyPlan | undefined
  readonly version: 'absent' | 'optional' | 'required'
  /** The names that a body or query may have: what the path or If-Match says cannot be said again. Absent: any. */
  readonly known: ReadonlySet<string> | undefined
}

export const pathParametersOf = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

const takesBody = (method: HttpMethod): boolean => method === 'post' || method === 'put' || method === 'patch'

const pathField = (
  name: string,
  fields: readonly Field[],
  schema: JsonSchema,
  route: Route,
): InputPlan['path'][number] => {
  const field = fields.find((candidate) => candidate.name === name)
  if (field) return { ...field, required: true, read: readerOf(field.schema, schema) }
  const { type } = route.definition
  throw new Error(
    `The path ${route.path} names {${name}}, which the input of "${type}" lacks. help: use its field names.`,
  )
}

const versionIn = (fields: readonly Field[]): InputPlan['version'] => {
  const field = fields.find(({ name }) => name === VERSION_FIELD)
  if (!field) return 'absent'
  return field.required ? 'required' : 'optional'
}

/** True where the input is a record or a loose object on purpose. */
const isOpen = (schema: JsonSchema): boolean => {
  const { additionalProperties } = resolveRef(schema, schema)
  return additionalProperties !== undefined && additionalProperties !== false
}

export const planInput = (route: Route, schema: JsonSchema): InputPlan => {
  const fields = fieldsOf(schema)
  const path = pathParametersOf(route.path).map((name) => pathField(name, fields, schema, route))
  const taken = new Set([VERSION_FIELD, ...path.map(({ name }) => name)])
  const rest = fields.filter(({ name }) => !taken.has(name))
  const withBody = takesBody(route.method)
  return {
    schema,
    path,
    queryFields: withBody ? [] : rest,
    query: withBody ? undefined : planQuery(rest, schema),
    body:
      withBody && rest.length > 0
        ? {
            mediaType: route.method === 'patch' ? 'application/merge-patch+json' : 'application/json',
            maxBytes: route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
            optional: route.method === 'post' && rest.every(({ required }) => !required),
            fields: rest,
          }
        : undefined,
    version: versionIn(fields),
    known: isOpen(schema) ? undefined : new Set(rest.map(({ name }) => name)),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readBody = async (
  request: HonoRequest,
  { mediaType, maxBytes, optional }: BodyPlan,
): Promise<Record<string, unknown>> => {
  const isUntyped = request.header('content-type') === undefined
  if (optional && isUntyped && (await readText(request, maxBytes)) === '') return {}
  requireMediaType(request, mediaType)
  const body = parseJson(await readText(request, maxBytes))
  if (isRecord(body)) return body
  throw new Refusal(REFUSALS.invalidInput, { items: [{ pointer: '', detail: 'Send one JSON object.' }] })
}

const readVersion = (request: HonoRequest, required: boolean): number | undefined => {
  const tag = request.header('if-match')
  if (tag === undefined) {
    if (!required) return undefined
    throw wrongParameter(REFUSALS.preconditionRequired, 'If-Match')
  }
  const version = STRONG_VERSION_TAG.exec(tag.trim())?.[1]
  if (version === undefined) throw wrongParameter(REFUSALS.invalidIfMatch, 'If-Match')
  return Number(version)
}

/** Refuses names that the input does not have, whether or not its schema is strict. */
const refuseUnknown = (input: Record<string, unknown>, plan: InputPlan): void => {
  if (!plan.known) return
  const { known } = plan
  const unknown = Object.keys(input).filter((name) => !known.has(name))
  if (unknown.length === 0) return
  const items = unknown.map((name) => at(plan, name, 'This is not known here.'))
  throw new Refusal(REFUSALS.invalidInput, { items })
}

const at = ({ query }: InputPlan, name: string, detail: string): ProblemItem =>
  query ? { parameter: name, detail } : { pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail }

/** Puts the raw input together; the pipeline validates it, once. Throws what cannot be read at all. */
export const readInput = async (request: HonoRequest, plan: InputPlan): Promise<Record<string, unknown>> => {
  const version = plan.version === 'absent' ? undefined : readVersion(request, plan.version === 'required')
  const input = plan.body ? await readBody(request, plan.body) : {}
  if (plan.query) readQuery(request.url, plan.query, input)
  refuseUnknown(input, plan)
  for (const { name, read } of plan.path) {
    const text = request.param(name) ?? ''
    requireStorable(text, () => ({ parameter: name }))
    input[name] = read(text)
  }
  if (version !== undefined) input[VERSION_FIELD] = version
  return input
}

/** Says of a field of the input where the caller had put it. */
export const locateIn =
  (plan: InputPlan) =>
  ({ pointer, detail }: FieldProblem): ProblemItem => {
    const name = pointer.split('/', 2)[1] ?? ''
    if (name === VERSION_FIELD) return { parameter: 'If-Match', detail }
    const isParameter = plan.query ? name !== '' : plan.path.some((field) => field.name === name)
    return isParameter ? { parameter: name, detail } : { pointer, detail }
  }
