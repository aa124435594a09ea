/** Rows that one statement may delete: few enough for its timeout, however long nobody has cleared up. */
export const BATCH_ROWS = 5_000

/**
 * Repeats a deletion of at most `BATCH_ROWS` rows until it finds fewer; returns how many went.
 * @example
 * inBatches(async () => (await db.delete(inbox).where(oldest).returning({ id: inbox.id })).length)
 */
export const inBatches = async (remove: () => Promise<number>): Promise<number> => {
  for (let total = 0; ; ) {
    const removed = await remove()
    total += removed
    if (removed < BATCH_ROWS) return total
  }
}
