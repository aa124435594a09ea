import type { z } from 'zod'
import type { Operation } from '../operation.ts'
import { exampleOf } from './example.ts'

export interface Examples {
  /** The whole input by field; empty where none could be made. */
  readonly input: Readonly<Record<string, unknown>>
  /** Undefined where there is no body, or none could be made. */
  readonly output: unknown
}

type BusOperation = Extract<Operation, { readonly input: object }>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The example if it fits. One that was given must fit; one that was made is left out (a refinement can refuse it). */
const fitting = (schema: z.ZodType, example: unknown, given: boolean, owner: string): unknown => {
  const { error } = schema.safeParse(example)
  if (!error) return example
  if (!given) return undefined
  throw new Error(`The example of "${owner}" does not fit its schema. help: correct it in route().`, { cause: error })
}

/** The examples of an operation: what its route gives, completed or else made from the schemas. */
export const examplesOf = ({ route, input, output, operationId }: BusOperation): Examples => {
  const { definition, examples = {} } = route
  const made = exampleOf(input.schema)
  const whole = { ...(isRecord(made) ? made : {}), ...examples.input }
  const sent = fitting(definition.input, whole, examples.input !== undefined, `${operationId} input`)
  const answered = examples.output ?? (output ? exampleOf(output) : undefined)
  return {
    input: isRecord(sent) ? sent : {},
    output: output && fitting(definition.output, answered, examples.output !== undefined, `${operationId} output`),
  }
}
