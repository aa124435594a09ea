import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)
const POLL_MS = 5

/** The platform as `npm start` runs it, in processes of its own. */
export interface BenchPlatform {
  readonly apiUrl: string
  readonly catalogUrl: string
  /** From its start to the first 200. */
  readonly startMs: number
  /** Memory of all its processes, what they share counted once; NaN where the system does not tell. */
  megabytes(): Promise<number>
  stop(): Promise<void>
}

/** Starts it on a data directory and waits for the first answer that is a 200. */
export const startPlatformProcess = async (directory: string, port: number): Promise<BenchPlatform> => {
  const startedMs = performance.now()
  const child = spawn(
    process.execPath,
    ['services/cli/run.mjs', 'services/embedded.ts', '--data', directory, '--port', String(port)],
    { cwd: fileURLToPath(root), stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const apiUrl = `http://127.0.0.1:${port}`
  while (!(await isServed(`${apiUrl}/v1/subjects`))) {
    if (child.exitCode !== null) throw new Error('The platform ended before it answered.')
    await delay(POLL_MS)
  }
  return {
    apiUrl,
    catalogUrl: `http://127.0.0.1:${port + 1}`,
    startMs: performance.now() - startedMs,
    megabytes: async () => memoryOf([child.pid, await postmasterOf(directory)]),
    stop: async () => {
      child.kill('SIGINT')
      await once(child, 'exit')
    },
  }
}

const isServed = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

/** PostgreSQL is no child of the platform, which it outlives. */
const postmasterOf = async (directory: string): Promise<number> =>
  Number((await readFile(join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])

const memoryOf = async (roots: readonly (number | undefined)[]): Promise<number> => {
  if (process.platform !== 'linux') return Number.NaN
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const)))
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (roots.includes(pid) || isOurs(parents.get(pid)))
  const kilobytes = await Promise.all(pids.filter(isOurs).map(proportionalSize))
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024
}

const parentOf = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const parent = /^PPid:\t(\d+)$/m.exec(status)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

/** Kilobytes, each shared page divided among those who share it. */
const proportionalSize = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss: +(\d+) kB$/m.exec(rollup)?.[1] ?? 0)
}
