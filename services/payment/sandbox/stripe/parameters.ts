import { z } from 'zod'
import { invalidParameter, type StripeError } from './errors.ts'
import type { Form, FormValue } from './form.ts'

const integer = 'Invalid integer'
const boolean = 'Invalid boolean'
const codes = new Map([[integer, 'parameter_invalid_integer']])

/** Stripe's own shorthand: every scalar of a form is text. */
export const Integer = z
  .string()
  .regex(/^-?\d{1,15}$/, integer)
  .transform(Number)
export const Flag = z.enum(['true', 'false'], boolean).transform((value) => value === 'true')
export const Text = (maximum: number) => z.string().max(maximum)
export const List = <T>(item: z.ZodType<T>) =>
  z.preprocess((value) => (typeof value === 'object' && value !== null ? Object.values(value) : value), z.array(item))

const MetadataEntries = z
  .record(z.string().max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'Metadata can have up to 50 keys')
/** `metadata=` (empty) means none, and a key with an empty value is left out. */
export const MetadataParameter = z
  .union([z.literal('').transform((): Record<string, string> => ({})), MetadataEntries])
  .transform((metadata) => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== '')))

const Instant = Integer.refine((seconds) => seconds >= 0, integer)
const CreatedRange = z.strictObject({
  gt: Instant.optional(),
  gte: Instant.optional(),
  lt: Instant.optional(),
  lte: Instant.optional(),
})
export const ListParameters = z.strictObject({
  created: z
    .union([Instant.transform((at) => ({ gte: at, lte: at, gt: undefined, lt: undefined })), CreatedRange])
    .optional(),
  ending_before: z.string().optional(),
  limit: Integer.refine((limit) => limit >= 1 && limit <= 100, 'Must be between 1 and 100').default(10),
  starting_after: z.string().optional(),
})
export type ListParameters = z.infer<typeof ListParameters>

const parameterName = ([first, ...rest]: PropertyKey[]): string =>
  String(first ?? '') + rest.map((segment) => `[${String(segment)}]`).join('')

const valueAt = (form: Form, path: PropertyKey[]): FormValue | undefined =>
  path.reduce<FormValue | undefined>(
    (value, segment) => (typeof value === 'object' ? value[String(segment)] : undefined),
    form,
  )

const refusal = (issue: z.core.$ZodIssue, form: Form): StripeError => {
  if (issue.code === 'unrecognized_keys') {
    const param = parameterName([...issue.path, ...issue.keys.slice(0, 1)])
    return invalidParameter(param, `Received unknown parameter: ${param}`, 'parameter_unknown')
  }
  const param = parameterName(issue.path)
  const value = valueAt(form, issue.path)
  if (value === undefined) {
    return invalidParameter(param, `Missing required param: ${param}.`, 'parameter_missing')
  }
  if (value === '') {
    return invalidParameter(
      param,
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; ` +
        `however '${param}' cannot be unset.`,
      'parameter_invalid_empty',
    )
  }
  const shown = typeof value === 'string' ? `: ${value.slice(0, 100)}` : ''
  return invalidParameter(param, `${issue.message}${shown}`, codes.get(issue.message))
}

export const parseParameters = <T>(schema: z.ZodType<T>, form: Form): T => {
  const result = schema.safeParse(form)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw issue ? refusal(issue, form) : invalidParameter('', 'Invalid request parameters.')
}
