import { sql } from 'drizzle-orm'
import { courses } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

/** The words in one form for all languages, and in the forms of the language that is asked for. */
const wanted = sql`(websearch_to_tsquery('pg_catalog.simple', ${value('q')})
  || websearch_to_tsquery(learning.search_config(${value('speech')}), ${value('q')}))`

/**
 * Courses that hold the words, or whose title holds the text, or something like it. The expressions are those of the
 * indexes `courses_by_words` and `courses_by_title_parts`.
 */
export const found = sql`(
  learning.course_words(${courses.title}, ${courses.summary}, ${courses.description}, ${courses.language}) @@ ${wanted}
  or ${courses.title} ilike ${value('part')} or ${value('like')} <% ${courses.title})`

/**
 * The order of ids, for what was found. An expression, so that it is not the order of an index: with one and a limit in
 * sight, the planner would rather look through all courses, newest first, until enough of them fit.
 */
export const newestFirst = sql`${courses.id} || '' desc`

/** Quoted or excluded words: who writes them means just these. */
const isExact = (q: string): boolean => /"|(?:^|\s)-/.test(q)

/** A text as the values that `found` takes; `%` and `_` stand for themselves. */
export const searchValues = (q: string, language: string | undefined) => ({
  q,
  speech: language ?? 'en',
  like: isExact(q) ? null : q,
  part: isExact(q) ? null : `%${q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`,
})
