/** When a request that failed is asked again; one for each process, since the budget is the process's. */
export interface Retries {
  /** Counts a request asked for the first time: each earns a part of a retry. */
  asked(): void
  /**
   * Spends a retry: how long to wait before it, in milliseconds; `undefined` where no more are due.
   * @param tries how often it was asked again before
   * @param atLeastMs the wait that the service itself asked for
   */
  next(tries: number, atLeastMs: number): number | undefined
}

const MOST_TRIES = 2
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1_000
/** Retries for each request: more of them would keep a service down that has too much to do. */
const BUDGET = 0.1
/** Retries that may be saved up, so that a process that asks seldom has some. */
const SAVED = 10

/**
 * Full jitter under a budget of a tenth of the requests.
 * @param random in [0, 1)
 */
export const createRetries = (random: () => number): Retries => {
  let budget = SAVED
  return {
    asked: () => {
      budget = Math.min(SAVED, budget + BUDGET)
    },
    next: (tries, atLeastMs) => {
      if (tries >= MOST_TRIES || budget < 1) return undefined
      budget -= 1
      return atLeastMs + random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
    },
  }
}
