import { strength, term } from './ranking.ts'
import type { Snapshot } from './snapshot.ts'
import { searchable } from './text.ts'

export interface Suggestion {
  kind: 'course' | 'subject' | 'tutor'
  text: string
  /** Slug of a course or subject, id of a tutor. */
  value: string
}

interface Candidate extends Suggestion {
  score: number
}

/** Completions of what is being typed: every word must be found, names of subjects and tutors before titles. */
export function suggestions({ courses, taxonomy }: Snapshot, q: string, limit: number): Suggestion[] {
  const terms = q.split(' ').map(term)
  const found = new Map<string, Candidate>()
  const consider = (suggestion: Suggestion, field: string, weight: number) => {
    const key = `${suggestion.kind} ${suggestion.value}`
    if (found.has(key)) return
    const strengths = terms.map((wanted) => strength(field, wanted))
    if (strengths.includes(0)) return
    found.set(key, { ...suggestion, score: weight + strengths.reduce((sum, each) => sum + each, 0) })
  }
  for (const { slug, name } of taxonomy.subjects) {
    consider({ kind: 'subject', text: name, value: slug }, searchable(name), 2)
  }
  for (const { card, title, subject, tutor } of courses) {
    consider({ kind: 'subject', text: card.subject.name, value: card.subject.slug }, subject, 2)
    consider({ kind: 'tutor', text: card.tutor.name, value: card.tutor.id }, tutor, 1)
    consider({ kind: 'course', text: card.title, value: card.slug }, title, 0)
  }
  return [...found.values()]
    .sort((a, b) => b.score - a.score || compareText(a.text, b.text) || compareText(a.value, b.value))
    .slice(0, limit)
    .map(({ kind, text, value }) => ({ kind, text, value }))
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b))
