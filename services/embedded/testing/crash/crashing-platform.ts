import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { z } from 'zod'
import type { DisturbanceName } from './disturbance.ts'

/** Where the next process kills itself: the `hit`th time that it comes to the failpoint. */
export interface Kill {
  readonly failpoint: string
  readonly hit: number
}

export interface CrashingPlatformOptions {
  readonly database: string
  readonly sandbox: string
  readonly port: number
  readonly directory: string
  readonly disturb: DisturbanceName
  /** One for each process, in this order; the process after the last one lives. */
  readonly kills: readonly Kill[]
}

/** The platform as a process that is started again whenever it has died. */
export interface CrashingPlatform {
  readonly url: string
  /** Where processes died so far. */
  readonly killed: readonly Kill[]
  /** Puts the clock of this process and of those after it forward. */
  forward(ms: number): Promise<void>
  /** I7: parts of the catalog that are not as a rebuild makes them. */
  catalogDifferences(): Promise<readonly string[]>
  /** Rejects when a process has died of anything else than its failpoint. */
  readonly broken: Promise<never>
  /** Kills the last process. Throws when one of them died of anything else than its failpoint. */
  end(): Promise<void>
}

const Answer = z.object({ done: z.array(z.string()) })

interface Host {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
  readonly exited: Promise<unknown>
}

const flagsOf = ({ kills: _, ...options }: CrashingPlatformOptions, kill: Kill | undefined, aheadMs: number) =>
  Object.entries({ ...options, ...kill, 'ahead-ms': aheadMs }).flatMap(([name, value]) => [`--${name}`, String(value)])

const linesOf = (lines: Interface): AsyncIterator<string> => lines[Symbol.asyncIterator]()

export const startCrashingPlatform = (program: string, options: CrashingPlatformOptions): CrashingPlatform => {
  const planned = [...options.kills]
  const killed: Kill[] = []
  let aheadMs = 0
  let ended = false
  let ready = Promise.withResolvers<Host>()

  const spawnHost = (kill: Kill | undefined): Host => {
    const child = spawn(process.execPath, [program, ...flagsOf(options, kill, aheadMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: `${options.directory}/compiled` },
    })
    // A process that dies with an order unread is no failure of ours.
    child.stdin.on('error', () => undefined)
    return { child, lines: linesOf(createInterface({ input: child.stdout })), exited: once(child, 'exit') }
  }

  let current: Host
  const live = async (): Promise<void> => {
    while (!ended) {
      const kill = planned.shift()
      current = spawnHost(kill)
      const { lines, child, exited } = current
      const { done } = await lines.next()
      if (!done) ready.resolve(current)
      await exited
      ready = Promise.withResolvers()
      if (ended) return
      if (child.signalCode !== 'SIGKILL' || !kill) throw new Error(`The host ended with ${child.exitCode}.`)
      killed.push(kill)
    }
  }
  const living = live()
  const broken = living.then(() => new Promise<never>(() => undefined))
  broken.catch(() => undefined)

  /** Undefined when the process died before it answered. */
  const order = async (what: object): Promise<readonly string[] | undefined> => {
    const { child, lines, exited } = await ready.promise
    child.stdin?.write(`${JSON.stringify(what)}\n`)
    const { value, done } = await lines.next()
    if (!done) return Answer.parse(JSON.parse(value)).done
    await exited
    return undefined
  }

  return {
    url: `http://127.0.0.1:${options.port}`,
    killed,
    broken,
    forward: async (ms) => {
      aheadMs += ms
      // A process that dies before it has read this begins with the new time.
      await order({ order: 'set-clock', aheadMs })
    },
    catalogDifferences: async () => {
      for (;;) {
        const differences = await order({ order: 'compare-catalog' })
        if (differences) return differences
      }
    },
    end: async () => {
      ended = true
      current.child.kill('SIGKILL')
      await living
    },
  }
}
