import { ConfigError } from '#services/kit/config.ts'
import { stopSignal } from '#services/kit/hosts/stop-signal.ts'

const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const fail = (error: unknown): never => {
  const text =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

/** A program that does its work and ends. */
export const runJob = (work: () => Promise<void>): Promise<never> => work().then(() => process.exit(0), fail)

/** A program that runs until it is told to stop; what it started is let go of in the opposite order. */
export const runUntilStopped = (start: (stack: AsyncDisposableStack) => Promise<string>): Promise<never> =>
  runJob(async () => {
    await using stack = new AsyncDisposableStack()
    const stopped = stopSignal(print)
    print(await start(stack))
    await stopped
  })
