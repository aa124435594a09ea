import { z } from 'zod'

/** An order for one round. */
export const Order = z.object({ operations: z.int() })

/** What one round took, per operation; `figures` are a side's own, such as statements or a percentile. */
export const Round = z.object({
  microseconds: z.number(),
  cpuMicroseconds: z.number(),
  figures: z.record(z.string(), z.number()),
})
export type Round = z.infer<typeof Round>

export interface Rounds {
  /** What a round needs before its time counts. */
  prepare?(operations: number): Promise<void>
  /** Does so many operations; may return figures of its own. */
  run(operations: number): Promise<Record<string, number> | void>
}

/**
 * Makes this program one side of a bench: it runs a round whenever the bench orders one. Sides are processes of their own,
 * so that none warms the machine code or fills the heap of another.
 */
export const serveRounds = (rounds: Rounds): void => {
  process.on('message', (order) => {
    void measure(rounds, Order.parse(order).operations).then(
      (round) => process.send?.(round),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

const measure = async ({ prepare, run }: Rounds, operations: number): Promise<Round> => {
  await prepare?.(operations)
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const figures = (await run(operations)) ?? {}
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    microseconds: (elapsedMs * 1000) / operations,
    cpuMicroseconds: (user + system) / operations,
    figures,
  }
}
