export interface ConcurrencyLimit {
  /** How many run at once. */
  readonly running: number
  /** How many more may wait for their turn, first come, first served. */
  readonly waiting: number
  /** The error for those beyond. */
  readonly refusal: () => Error
}

/** Runs work under a limit; returns a function that runs one piece, or throws the refusal when the queue is full. */
export const limitConcurrency = ({ running, waiting, refusal }: ConcurrencyLimit) => {
  const queue: (() => void)[] = []
  let busy = 0

  const enter = async (): Promise<void> => {
    if (busy < running) {
      busy++
      return
    }
    if (queue.length >= waiting) throw refusal()
    // Whoever leaves hands over the place, so that nobody who comes meanwhile takes it.
    await new Promise<void>((resolve) => queue.push(resolve))
  }

  const leave = (): void => {
    const next = queue.shift()
    if (next) next()
    else busy--
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
