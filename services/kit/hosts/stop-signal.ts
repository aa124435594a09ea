/** How long a terminal's Ctrl-C may arrive a second time, by npm, without meaning "now". */
const REPEAT_MS = 1_000

/** Settles at the first signal; another that is more than its repeat ends the process at once. */
export const stopSignal = (print: (text: string) => void): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let signalledMs: number | undefined
  const onSignal = (): void => {
    if (signalledMs !== undefined && performance.now() - signalledMs > REPEAT_MS) process.exit(130)
    if (signalledMs !== undefined) return
    signalledMs = performance.now()
    print('\nStopping: what is under way is finished first. Ctrl-C again stops at once.')
    resolve()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return promise
}
