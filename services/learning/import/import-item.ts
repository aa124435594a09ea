import { z } from 'zod'
import { DomainError, domainError } from '#domain/kernel/errors.ts'
import { ExternalUrl, LanguageTag, Summary, Title } from '#domain/learning/course-details.ts'
import { cleanUrl, courseUrlKey, urlProblem } from '#domain/learning/course-url.ts'
import { SubjectSlug } from '#domain/learning/subject.ts'

const SubjectName = z.strictObject({ slug: z.string().max(500), name: z.string().max(1000) })

/** One course of a list. Wide on purpose: what a rule refuses is refused by item, not with the whole request. */
export const ImportItem = z.strictObject({
  url: z.string().max(8000),
  title: z.string().max(2000),
  language: z.string().max(100).describe('BCP 47'),
  subject: SubjectName.extend({ parent: SubjectName.optional() }),
  provider: z.string().max(2000).optional().describe('Who offers it; shown as the summary.'),
})
export type ImportItem = z.infer<typeof ImportItem>

/** An item that keeps the rules, with the key of its address. */
export interface ReadItem {
  readonly urlKey: string
  readonly details: z.infer<typeof Details>
  readonly subject: z.infer<typeof SubjectPlace>
}

const ItemUrlInvalid = domainError('ITEM_URL_INVALID', 'unprocessable', (problem: string) => problem)
const ItemInvalid = domainError('ITEM_INVALID', 'unprocessable', (problem: string) => problem)
export const ItemRepeated = domainError(
  'ITEM_REPEATED',
  'unprocessable',
  () => 'An earlier item of this request has the same address.',
)

const Details = z.object({
  title: Title,
  language: LanguageTag,
  summary: Summary.optional(),
  subject: SubjectSlug,
  externalUrl: ExternalUrl,
})

const Named = z.object({ slug: SubjectSlug, name: Title })
const SubjectPlace = Named.extend({ parent: Named.optional() })

const keyOf = (url: string): string => {
  const problem = urlProblem(url)
  if (problem !== undefined) throw ItemUrlInvalid(problem)
  const key = courseUrlKey(url)
  if (key.length > 2048) throw ItemUrlInvalid('the address is longer than 2048 characters')
  return key
}

/** Parses a part of an item; the refusal says which field is wrong. */
const parsed = <T>(schema: z.ZodType<T>, value: unknown, at: string): T => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw ItemInvalid(`${[at, ...(issue?.path ?? [])].filter(Boolean).join('.')}: ${issue?.message ?? 'not valid'}`)
}

/** The item as the domain takes it, or why it does not. */
export const readItem = (item: ImportItem): ReadItem | DomainError => {
  try {
    const externalUrl = cleanUrl(item.url)
    const urlKey = keyOf(externalUrl)
    const { title, language, provider } = item
    const subject = parsed(SubjectPlace, item.subject, 'subject')
    const details = { title, language, summary: provider?.trim() || undefined, subject: subject.slug, externalUrl }
    return { urlKey, subject, details: parsed(Details, details, '') }
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
