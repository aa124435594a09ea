import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** One process of the stack. */
export interface Child {
  readonly name: string
  readonly pid: number
  /** Settles when it has ended, however. */
  readonly ended: Promise<void>
  isAlive(): boolean
  signal(name: NodeJS.Signals): void
  /** Writes a line to its standard input; it needs `takesInput`. */
  write(line: string): void
  /** Asks it to drain and waits until it has; ends it when it has not by `patienceMs`. */
  stop(patienceMs?: number): Promise<void>
}

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args?: readonly string[]
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly takesInput?: boolean
  /** Takes what it prints, line by line; lines of its error output as well. */
  readonly onLine?: (line: string) => void
}

const PATIENCE_MS = 30_000

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null

/** Starts a process that ends with this one: it gets a group of its own, so that Ctrl-C reaches only us, and we drain it. */
export const startChild = (options: ChildOptions): Child => {
  const { name, command, args = [], env, cwd, takesInput = false, onLine } = options
  const child = spawn(command, [...args], {
    env: { ...env },
    cwd,
    detached: true,
    stdio: [takesInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close').then(
    () => undefined,
    () => undefined,
  )
  // A process that dies with a line unread is no failure of ours.
  child.stdin?.on('error', () => undefined)
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface({ input: output }).on('line', (line) => onLine?.(line))
  const signal = (wanted: NodeJS.Signals): void => void child.kill(wanted)
  const endWithUs = (): void => signal('SIGKILL')
  process.once('exit', endWithUs)
  void ended.then(() => process.removeListener('exit', endWithUs))
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    isAlive: () => isRunning(child),
    signal,
    write: (line) => void child.stdin?.write(`${line}\n`),
    stop: async (patienceMs = PATIENCE_MS) => {
      if (!isRunning(child)) return
      signal('SIGTERM')
      const timer = setTimeout(() => signal('SIGKILL'), patienceMs)
      await ended
      clearTimeout(timer)
    },
  }
}
