import { z } from 'zod'
import { ITEM_FIELDS, LONGEST_CURSOR } from '../query/read-list-query.ts'
import { AVAILABILITIES } from '../search/availability.ts'
import { SORTS } from '../search/sorting.ts'

interface QueryParameter {
  readonly description: string
  readonly schema: z.ZodType
}

const text = z.string().max(200)
const alternatives = z.array(text).max(20)
const amount = z.int().min(0).max(999_999_999_999)

export const filterParameters = {
  q: { description: 'Words that title, subject, tutor or summary must hold, in any script', schema: text },
  subject: { description: 'Slugs; a subject holds all below it', schema: alternatives },
  level: { description: 'Levels', schema: alternatives },
  language: { description: 'BCP 47 ranges: `en` holds `en-GB`', schema: alternatives },
  tutor: { description: 'Ids or slugs of tutors', schema: alternatives },
  pacing: { description: 'Pacing of a run', schema: alternatives },
  availability: { description: 'Availability of a run at this moment', schema: z.array(z.enum(AVAILABILITIES)) },
  currency: { description: 'Currency of a run', schema: z.string().regex(/^[A-Z]{3}$/) },
  priceMin: { description: 'Minor units of `currency`, which is then required', schema: amount },
  priceMax: { description: 'Minor units of `currency`, which is then required', schema: amount },
  free: { description: 'Only what costs nothing', schema: z.enum(['true', 'false']) },
  rating: { description: 'The least mean rating', schema: z.int().min(1).max(5) },
} satisfies Record<string, QueryParameter>

export const listParameters = {
  ...filterParameters,
  sort: { description: 'Default: relevance with `q`, else newest', schema: z.enum(SORTS) },
  fields: { description: 'Fields of an item to send', schema: z.array(z.enum(ITEM_FIELDS)) },
  limit: { description: 'Size of a page', schema: z.int().min(1).max(100).default(20) },
  cursor: {
    description: '`nextCursor` of the page before, for the same filters and sort',
    schema: z.string().max(LONGEST_CURSOR),
  },
} satisfies Record<string, QueryParameter>

export const suggestParameters = {
  q: { description: 'What has been typed so far', schema: text },
  limit: { description: 'Number of suggestions', schema: z.int().min(1).max(20).default(10) },
} satisfies Record<string, QueryParameter>

/** Arrays may be repeated or separated by commas; the latter is what the document promises. */
export function describeParameters(parameters: Record<string, QueryParameter>, required: readonly string[] = []) {
  return Object.entries(parameters).map(([name, { description, schema }]) => {
    const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' })
    const isRequired = required.includes(name)
    return {
      name,
      in: 'query',
      description,
      ...(isRequired && { required: true }),
      ...(schema instanceof z.ZodArray && { style: 'form', explode: false }),
      schema: jsonSchema,
    }
  })
}
