import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const PREFIX = '/2018-06-01/runtime/'
const bootstrap = fileURLToPath(new URL('bootstrap.mjs', import.meta.url))

const Problem = z.object({ errorType: z.string(), errorMessage: z.string() })

/** What Lambda answers in place of a result: the function failed, did not start, or was ended by its timeout. */
export class FunctionError extends Error {
  override name = 'FunctionError'
}

export interface FunctionOptions {
  /** Path of the bundled program. */
  readonly program: string
  readonly entry: 'http' | 'queue' | 'schedule'
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Its timeout, in milliseconds; 20,000 when not given. */
  readonly timeoutMs?: number
}

/** A function as Lambda runs it, with one copy at a time. */
export interface RunningFunction {
  /** Hands an event over and returns the answer. Throws `FunctionError`. */
  invoke(event: unknown): Promise<unknown>
  /** Copies started so far. */
  starts(): number
  /** What the copies have printed, line by line. */
  readonly lines: readonly string[]
  stop(): Promise<void>
}

interface Invocation {
  readonly id: string
  readonly event: unknown
  readonly settle: (result: unknown) => void
  readonly fail: (error: FunctionError) => void
  readonly deadlineMs: number
}

interface Copy {
  readonly child: ChildProcess
  current: Invocation | undefined
  /** Its question for the next event, as long as there is none. */
  asking: ServerResponse | undefined
}

/**
 * A server of Lambda's Runtime API and the process that asks it. As in Lambda, a copy starts with the first event, is
 * frozen between events, and is ended by its timeout; the next event then starts another.
 */
export const startFunction = async (options: FunctionOptions): Promise<RunningFunction> => {
  const { program, entry, env, timeoutMs = 20_000 } = options
  const lines: string[] = []
  let starts = 0
  let copy: Copy | undefined

  const end = (ended: Copy, error: FunctionError): void => {
    if (copy === ended) copy = undefined
    ended.child.kill('SIGKILL')
    ended.current?.fail(error)
    ended.current = undefined
  }

  const give = (to: Copy): void => {
    if (!to.asking || !to.current) return
    to.child.kill('SIGCONT')
    const { id, event, deadlineMs } = to.current
    to.asking.setHeader('lambda-runtime-aws-request-id', id)
    to.asking.setHeader('lambda-runtime-deadline-ms', deadlineMs)
    to.asking.end(JSON.stringify(event))
    to.asking = undefined
  }

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = copy
    const path = (incoming.url ?? '').slice(PREFIX.length)
    if (!asked) return void response.writeHead(410).end()
    if (path === 'invocation/next') {
      asked.asking = response
      if (asked.current) give(asked)
      else asked.child.kill('SIGSTOP')
      return
    }
    const body = await text(incoming)
    response.writeHead(202).end()
    const problem = path.endsWith('error') ? Problem.parse(JSON.parse(body)) : undefined
    const { current } = asked
    if (path === 'init/error') return end(asked, new FunctionError(`${problem?.errorType}: ${problem?.errorMessage}`))
    asked.current = undefined
    if (problem) current?.fail(new FunctionError(`${problem.errorType}: ${problem.errorMessage}`))
    else current?.settle(JSON.parse(body))
  }

  const server = createServer((incoming, response) => void answer(incoming, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')

  const start = (): Copy => {
    starts++
    const child = spawn(process.execPath, [bootstrap], {
      env: {
        ...env,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${address.port}`,
        LAMBDA_TASK_ROOT: dirname(program),
        _HANDLER: `lambda.${entry}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const output of [child.stdout, child.stderr])
      createInterface({ input: output }).on('line', (line) => lines.push(line))
    const started: Copy = { child, current: undefined, asking: undefined }
    child.once('exit', () => end(started, new FunctionError('Runtime exited')))
    return started
  }

  return {
    lines,
    starts: () => starts,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        copy ??= start()
        const invoked = copy
        if (invoked.current) throw new Error('A copy of a function handles one event at a time.')
        const timer = setTimeout(() => end(invoked, new FunctionError('Task timed out')), timeoutMs)
        invoked.current = {
          id: randomUUID(),
          event,
          deadlineMs: Date.now() + timeoutMs,
          settle: (result) => {
            clearTimeout(timer)
            resolve(result)
          },
          fail: (error) => {
            clearTimeout(timer)
            reject(error)
          },
        }
        give(invoked)
      }),
    stop: async () => {
      const last = copy
      if (last) {
        const ended = once(last.child, 'exit')
        end(last, new FunctionError('stopped'))
        await ended
      }
      server.closeAllConnections()
      server.close()
    },
  }
}
