import type { Child } from './child.ts'

const AGAIN_MS = 50

/** Resolves when `check` does. Rejects when the process ends before that, or after `patienceMs`. */
export const untilReady = async (child: Child, check: () => Promise<unknown>, patienceMs = 60_000): Promise<void> => {
  const untilMs = performance.now() + patienceMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (!child.isAlive()) throw new Error(`${child.name} ended before it was ready.`, { cause: error })
      if (performance.now() > untilMs) throw new Error(`${child.name} is not ready.`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

/** Fails unless the URL answers with a success. */
export const answersOk = async (url: string): Promise<void> => {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  if (!ok) throw new Error(`${url} answers ${status}.`)
}
