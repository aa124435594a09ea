/** Work done again and again: at once when poked, else after a pause. */
export interface Loop {
  /** There may be work: go now, or once more after what is under way. */
  poke(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
}

export interface LoopOptions {
  /** Does one round; how many things it did tells whether to go on at once. */
  readonly round: () => Promise<number>
  /** Pause after a round with nothing to do, in milliseconds. */
  readonly idleMs: number
  /** Pause after a round that failed. */
  readonly failedMs: number
  readonly onError: (error: unknown) => void
}

/** Starts a loop; rounds never overlap. */
export const startLoop = ({ round, idleMs, failedMs, onError }: LoopOptions): Loop => {
  let stopped = false
  let poked = false
  let wake: () => void = () => undefined

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async (): Promise<void> => {
    while (!stopped) {
      poked = false
      let wait = idleMs
      try {
        if ((await round()) > 0) continue
      } catch (error) {
        onError(error)
        wait = failedMs
      }
      if (!poked && !stopped) await pause(wait)
    }
  }

  const running = run()
  return {
    poke: () => {
      poked = true
      wake()
    },
    stop: () => {
      stopped = true
      wake()
      return running
    },
  }
}
