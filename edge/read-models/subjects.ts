import { z } from 'zod'
import { ShortText, Slug } from './scalars.ts'

export const Subject = z.object({ slug: Slug, name: ShortText, parent: Slug.optional() })
export type Subject = z.infer<typeof Subject>

/** All subjects, written as one value; counts are derived from the cards when the tree is read. */
export const SubjectTaxonomy = z.object({ revision: z.int().min(0), subjects: z.array(Subject).max(20_000) })
export type SubjectTaxonomy = z.infer<typeof SubjectTaxonomy>
