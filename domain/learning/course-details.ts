import { z } from 'zod'
import { SubjectSlug } from './subject.ts'

// Written without Unicode properties: the documents' readers know them in some languages only.
const NO_CONTROL = String.raw`^[^\u0000-\u001f\u007f-\u009f]*$`
const NO_CONTROL_BUT_SPACE = String.raw`^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$`

/** One line of text: no control characters, which stores and headers do not carry. */
export const line = (max: number) => z.string().trim().min(1).max(max).regex(new RegExp(NO_CONTROL, 'u'))
/** Text of several lines. */
export const multiline = (max: number) => z.string().trim().min(1).max(max).regex(new RegExp(NO_CONTROL_BUT_SPACE, 'u'))

export const Title = line(200)
export const Summary = line(500)
export const Description = multiline(20_000)
/** BCP 47: language, script and region in canonical case (`en`, `pt-BR`, `zh-Hant-TW`). */
export const LanguageTag = z
  .string()
  .max(12)
  .regex(/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/)
export const Level = z.enum(['beginner', 'intermediate', 'advanced'])
export type Level = z.infer<typeof Level>
/** A page elsewhere; for an imported course it is its identity. */
export const ExternalUrl = z.url({ protocol: /^https?$/ }).max(2048)

/** What a draft may still lack. */
export const DraftDetails = z.object({
  title: Title.optional(),
  summary: Summary.optional(),
  description: Description.optional(),
  subject: SubjectSlug.optional(),
  language: LanguageTag,
  level: Level.optional(),
  externalUrl: ExternalUrl.optional(),
})
export type DraftDetails = z.infer<typeof DraftDetails>

/** What the public sees: a title and a subject are there. */
export const CourseDetails = DraftDetails.extend({ title: Title, subject: SubjectSlug })
export type CourseDetails = z.infer<typeof CourseDetails>

/** A change of some fields; null removes one that may be missing. */
export const DetailChanges = z.strictObject({
  title: Title.optional(),
  summary: Summary.nullable().optional(),
  description: Description.nullable().optional(),
  subject: SubjectSlug.optional(),
  language: LanguageTag.optional(),
  level: Level.nullable().optional(),
  externalUrl: ExternalUrl.nullable().optional(),
})
export type DetailChanges = z.infer<typeof DetailChanges>

const FIELDS = ['title', 'summary', 'description', 'subject', 'language', 'level', 'externalUrl'] as const

const replaced = <T>(change: T | null | undefined, current: T | undefined): T | undefined =>
  change === null ? undefined : (change ?? current)

export const changeDetails = <D extends DraftDetails>(details: D, changes: DetailChanges): D => ({
  ...details,
  title: changes.title ?? details.title,
  summary: replaced(changes.summary, details.summary),
  description: replaced(changes.description, details.description),
  subject: changes.subject ?? details.subject,
  language: changes.language ?? details.language,
  level: replaced(changes.level, details.level),
  externalUrl: replaced(changes.externalUrl, details.externalUrl),
})

export const changedDetails = (before: DraftDetails, after: DraftDetails): string[] =>
  FIELDS.filter((field) => before[field] !== after[field])
