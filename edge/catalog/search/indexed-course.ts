import type { CourseCard, RunCard } from '#edge/read-models/course-card.ts'
import { searchable } from './text.ts'

/** A card with what searching needs worked out once, when its chunk arrives. */
export interface IndexedCourse {
  readonly card: CourseCard
  readonly title: string
  readonly subject: string
  readonly tutor: string
  readonly summary: string
  /** `en-GB`, then `en`: a range matches all tags below it. */
  readonly languages: readonly string[]
  readonly publishedAtMs: number
  readonly runs: readonly IndexedRun[]
}

export interface IndexedRun extends RunCard {
  readonly opensAtMs: number
  readonly closesAtMs: number
}

export function indexedCourse(card: CourseCard): IndexedCourse {
  return {
    card,
    title: searchable(card.title),
    subject: searchable(card.subject.name),
    tutor: searchable(card.tutor.name),
    summary: searchable(card.summary ?? ''),
    languages: languageRanges(card.language),
    publishedAtMs: Date.parse(card.publishedAt),
    runs: card.runs.map((run) => ({
      ...run,
      opensAtMs: run.enrollmentOpensAt ? Date.parse(run.enrollmentOpensAt) : -Infinity,
      closesAtMs: run.enrollmentClosesAt ? Date.parse(run.enrollmentClosesAt) : Infinity,
    })),
  }
}

function languageRanges(tag: string): string[] {
  const parts = tag.split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}
