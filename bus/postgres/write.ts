import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

/** One statement of a flush, rendered once; its values come with each use. */
export interface WriteTemplate {
  readonly name: string
  readonly text: string
  bind(values: Record<string, unknown>): unknown[]
}

/** A query of drizzle's builder that has not been sent. */
interface Renderable {
  getSQL(): SQL
}

const dialect = new PgDialect()

/**
 * Renders a write once per process. Its values are `sql.placeholder(name)`; rows that it touches are counted, so it must
 * not have a `returning` of its own.
 * @example
 * const hold = prepareWrite('hold a seat', db.update(runs).set({ held: sql`${runs.held} + 1` }).where(...))
 */
export const prepareWrite = (name: string, query: Renderable): WriteTemplate => {
  const rendered = dialect.sqlToQuery(query.getSQL())
  return {
    name,
    text: rendered.sql,
    bind: (values) => fillPlaceholders(rendered.params, values),
  }
}

/** `$1` of the template as `$offset+1` of the whole statement. */
export const renumber = (text: string, offset: number): string =>
  text.replaceAll(/\$(\d+)/g, (_match, number: string) => `$${Number(number) + offset}`)
