import { Unavailable } from '../cqrs/errors.ts'

/** Bounds what runs at once, and how long others wait for their turn. */
export interface Gate {
  /** Runs `work` when a place is free. Throws `Unavailable` when none was within the wait. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Milliseconds since a place was last taken or given back while none is free; undefined while one is. */
  readonly stillForMs: number | undefined
}

interface Waiting {
  readonly enter: () => void
  readonly timer: NodeJS.Timeout
}

/** `places` at once; a caller waits `waitMs` milliseconds at most, so that a slow store sheds load early. */
export const createGate = (places: number, waitMs: number): Gate => {
  let free = places
  let movedAtMs = 0
  const queue = new Set<Waiting>()

  const enter = (): Promise<void> => {
    if (free > 0) {
      free--
      movedAtMs = performance.now()
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        queue.delete(waiting)
        reject(Unavailable('The database'))
      }, waitMs)
      const waiting: Waiting = { enter: resolve, timer }
      queue.add(waiting)
    })
  }

  const leave = (): void => {
    movedAtMs = performance.now()
    const [next] = queue
    if (!next) {
      free++
      return
    }
    queue.delete(next)
    clearTimeout(next.timer)
    next.enter()
  }

  return {
    get stillForMs() {
      return free === 0 ? performance.now() - movedAtMs : undefined
    },
    run: async (work) => {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
