import { type SQL, sql } from 'drizzle-orm'

/**
 * One JSON object of lists, read in one statement: under each name the rows of a query.
 * @example
 * db.select({ data: listsAsJson({ payments: sql`select * from ${payments} where payer_id = ${payerId}` }) })
 */
export const listsAsJson = (lists: Readonly<Record<string, SQL>>): SQL<unknown> => {
  const pairs = Object.entries(lists).flatMap(([name, rows]) => [
    sql`${name}::text`,
    sql`(select coalesce(jsonb_agg(to_jsonb(listed)), '[]') from (${rows}) listed)`,
  ])
  return sql`jsonb_build_object(${sql.join(pairs, sql`, `)})`
}
