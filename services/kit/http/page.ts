import { z } from 'zod'

/**
 * What every list takes; extend it by filters. Strict, so that an unknown filter is refused and not ignored.
 * @example
 * input: PageQuery.extend({ subject: z.string().max(80).optional() })
 */
export const PageQuery = z.strictObject({
  cursor: z.string().max(1024).optional().describe('Where the last page ended: its `nextCursor`.'),
  limit: z.int().min(1).max(100).default(20).describe('Items of a page at most.'),
})
export type PageQuery = z.infer<typeof PageQuery>

/** A page of items; the next one begins at `nextCursor`, absent on the last. Its answer bears the Link header. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().max(1024).optional() })

/**
 * Cuts a page out of `limit + 1` rows: the row too many tells that there is a next page.
 * @param cursorAfter makes the cursor of the page's last item
 */
export const cutPage = <Item>(
  rows: readonly Item[],
  limit: number,
  cursorAfter: (last: Item) => string,
): { items: Item[]; nextCursor?: string } => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursorAfter(last) } : { items }
}
