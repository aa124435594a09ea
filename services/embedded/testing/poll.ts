import { setTimeout as pause } from 'node:timers/promises'

/** Asks again every 20 ms until the answer is neither undefined nor false; fails after a generous time. */
export const eventually = async <T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  withinMs = 30_000,
): Promise<T> => {
  const endMs = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > endMs) throw new Error(`${what}: not within ${withinMs} ms`)
    await pause(20)
  }
}
