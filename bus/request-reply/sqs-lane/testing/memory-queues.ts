import type { Consumption, LaneQueues } from '../queues.ts'

const PORTION = 10

interface Queue {
  readonly bodies: string[]
  /** Resumes everybody who waits for a body. */
  readonly waiting: Set<() => void>
}

/** Queues in this process that bring everything at least once, unless they are told otherwise. */
export interface MemoryQueues extends LaneQueues {
  /** Puts a body in, as any sender could. */
  put(queue: string, body: string): void
  /** What lies in a queue. */
  bodies(queue: string): readonly string[]
  /** Names of the queues that are being consumed. */
  consumed(): readonly string[]
}

const wake = ({ waiting }: Queue): void => {
  for (const resume of waiting) resume()
  waiting.clear()
}

/** @param copies how often a body arrives that is sent; 0 loses it */
export const createMemoryQueues = (copies: (queue: string) => number = () => 1): MemoryQueues => {
  const queues = new Map<string, Queue>()
  const consumed: string[] = []
  const queueNamed = (name: string): Queue => {
    const queue = queues.get(name) ?? { bodies: [], waiting: new Set() }
    queues.set(name, queue)
    return queue
  }
  const put = (name: string, body: string): void => {
    const queue = queueNamed(name)
    queue.bodies.push(body)
    wake(queue)
  }

  const consume: LaneQueues['consume'] = (name, handle): Consumption => {
    const queue = queueNamed(name)
    const handling = new Set<Promise<void>>()
    let stopped = false
    const take = async (body: string): Promise<void> => {
      try {
        await handle({ body })
      } catch {
        // It comes again, to whoever polls then.
        put(name, body)
      }
    }
    const run = async (): Promise<void> => {
      while (!stopped) {
        if (queue.bodies.length === 0)
          await new Promise<void>((resolve) => {
            queue.waiting.add(resolve)
          })
        if (stopped) return
        for (const body of queue.bodies.splice(0, PORTION)) {
          const work = take(body).finally(() => handling.delete(work))
          handling.add(work)
        }
        await new Promise(setImmediate)
      }
    }
    consumed.push(name)
    const running = run()
    return {
      close: async () => {
        stopped = true
        consumed.splice(consumed.indexOf(name), 1)
        wake(queue)
        await running
        await Promise.all(handling)
      },
    }
  }

  return {
    put,
    consume,
    bodies: (queue) => queueNamed(queue).bodies,
    consumed: () => consumed,
    send: async (queue, bodies) => {
      for (const body of bodies) for (let copy = copies(queue); copy > 0; copy--) put(queue, body)
      return bodies.map(() => ({ accepted: true }))
    },
  }
}
