/** Gathers entries for a batch call: full batches under load, none waits for long. */
export interface EntryBatcher<T> {
  add(entry: T): void
  /** Sends what waits now; resolves when every entry is sent or given up. Never rejects. */
  flush(): Promise<void>
}

export interface EntryBatcherOptions<T> {
  /** One call with at most ten entries; returns those that failed. A rejection fails all of them. */
  readonly send: (entries: readonly T[]) => Promise<readonly T[]>
  /** How long an entry waits for others, in milliseconds. */
  readonly lingerMs: number
  /** Told of entries that failed `MOST_TRIES` times, with what went wrong last. */
  readonly onGivenUp: (entries: readonly T[], error: unknown) => void
}

const FULL = 10
const MOST_TRIES = 4
const RETRY_MS = 50

interface Waiting<T> {
  readonly entry: T
  readonly tries: number
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const createEntryBatcher = <T>({ send, lingerMs, onGivenUp }: EntryBatcherOptions<T>): EntryBatcher<T> => {
  const waiting: Waiting<T>[] = []
  const sending = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined

  const attempt = async (batch: readonly Waiting<T>[]): Promise<void> => {
    let failures: ReadonlySet<T>
    let error: unknown = new Error('The entry was refused.')
    try {
      failures = new Set(await send(batch.map(({ entry }) => entry)))
    } catch (reason) {
      failures = new Set(batch.map(({ entry }) => entry))
      error = reason
    }
    if (failures.size === 0) return
    const again = batch
      .filter(({ entry }) => failures.has(entry))
      .map(({ entry, tries }) => ({ entry, tries: tries + 1 }))
    const lost = again.filter(({ tries }) => tries >= MOST_TRIES)
    if (lost.length > 0)
      onGivenUp(
        lost.map(({ entry }) => entry),
        error,
      )
    const rest = again.filter(({ tries }) => tries < MOST_TRIES)
    if (rest.length === 0) return
    await pause(RETRY_MS * 2 ** (rest[0]?.tries ?? 0))
    // With what has come meanwhile, so that few failures do not make many small calls.
    waiting.unshift(...rest)
    sendWaiting()
  }

  const sendWaiting = (): void => {
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0) {
      const work = attempt(waiting.splice(0, FULL))
      sending.add(work)
      void work.finally(() => sending.delete(work))
    }
  }

  return {
    add: (entry) => {
      waiting.push({ entry, tries: 0 })
      if (waiting.length >= FULL) sendWaiting()
      else timer ??= setTimeout(sendWaiting, lingerMs)
    },
    flush: async () => {
      sendWaiting()
      while (sending.size > 0) await Promise.all(sending)
    },
  }
}
