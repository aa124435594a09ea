import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { bundled, configured } from './bundle.ts'
import { capnp } from './capnp.ts'

export interface WorkerdOptions {
  readonly entry: URL
  /** Text bindings: what the Worker finds in `env`. */
  readonly bindings: Readonly<Record<string, string>>
  /** 0 (the default) takes a free one. */
  readonly port?: number
  readonly hostname?: string
}

export interface RunningWorkerd {
  readonly port: number
  /** Of workerd itself. */
  readonly pid: number
  /** When it is gone, whoever ended it. */
  readonly exited: Promise<unknown>
  stop(): Promise<void>
}

// The shell holds the other end of our pipe. However we die, kill -9 included, the pipe closes and it ends workerd.
const WATCHED = `
exec 4<&0
"$@" 4<&- </dev/null &
worker=$!
echo "{\\"event\\":\\"started\\",\\"pid\\":$worker}" >&3
( read -r _ <&4; kill "$worker" ) 3>&- >/dev/null 2>&1 &
watch=$!
wait "$worker"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`

const ControlMessage = z.discriminatedUnion('event', [
  z.object({ event: z.literal('started'), pid: z.int() }),
  z.object({ event: z.literal('listen'), port: z.int() }),
])
const WorkerdPackage = z.object({ default: z.string() })

/** Runs a Worker in workerd. Resolves when it listens; rejects with what workerd wrote when it cannot. */
export async function startWorkerd(options: WorkerdOptions): Promise<RunningWorkerd> {
  const { entry, bindings, port = 0, hostname = '127.0.0.1' } = options
  const bundle = await bundled(entry)
  const config = await configured(bundle, capnp(bundle, Object.keys(bindings)))
  const workerd = WorkerdPackage.parse(createRequire(import.meta.url)('workerd')).default
  const command = [workerd, 'serve', config, `--socket-addr=http=${hostname}:${port}`, '--control-fd=3']
  const child = spawn('/bin/sh', ['-c', WATCHED, 'workerd', ...command], {
    env: bindings,
    stdio: ['pipe', 'inherit', 'pipe', 'pipe'],
    detached: true,
  })
  // `close` rather than `exit`: by then all that workerd wrote has been read.
  const exited = once(child, 'close')
  const listening = await Promise.race([started(child), failed(child, exited)])
  return {
    ...listening,
    exited,
    async stop() {
      child.stdin?.destroy()
      await exited
    },
  }
}

async function started({ stdio: [, , , control] }: ChildProcess): Promise<{ port: number; pid: number }> {
  if (!(control instanceof Readable)) throw new Error('The control pipe of workerd is missing.')
  let pid = 0
  for await (const line of createInterface({ input: control })) {
    const message = ControlMessage.parse(JSON.parse(line))
    if (message.event === 'listen') return { pid, port: message.port }
    pid = message.pid
  }
  return new Promise(() => {})
}

/** Rejects when workerd ends before it listens; afterwards its messages go to our own stderr. */
async function failed({ stderr }: ChildProcess, exited: Promise<unknown[]>): Promise<never> {
  const lines: string[] = []
  stderr?.on('data', (data) => {
    if (lines.length < 100) lines.push(String(data))
    process.stderr.write(data)
  })
  const [code] = await exited
  throw new Error(`workerd ended with code ${code}: ${lines.join('').trim() || 'it said nothing'}`)
}
