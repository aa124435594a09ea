import { Unavailable } from '../cqrs/errors.ts'

/** Bounds what runs at once, and how long others wait for their turn. */
export interface Gate {
  /** Runs `work` when a place is free. Throws `Unavailable` when none was within the wait. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** No place is free. */
  readonly isFull: boolean
}

interface Waiting {
  readonly enter: () => void
  readonly timer: NodeJS.Timeout
}

/** `places` at once; a caller waits `waitMs` milliseconds at most, so that a slow store sheds load early. */
export const createGate = (places: number, waitMs: number): Gate => {
  let free = places
  const queue = new Set<Waiting>()

  const enter = (): Promise<void> => {
    if (free > 0) {
      free--
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
    get isFull() {
      return free === 0
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
