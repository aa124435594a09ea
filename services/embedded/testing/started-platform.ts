import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProcess } from '#services/kit/running-process.ts'
import { testClusterPrefix } from '#services/kit/testing/postgres-cluster.ts'
import { stopEmbeddedPostgres } from '#services/kit/postgres/embedded.ts'
import { eventually } from './poll.ts'

/** What `npm start` runs, as a process of its own. */
export interface StartedPlatform {
  readonly apiUrl: string
  readonly pid: number
  readonly stderr: () => string
  /** Settles when it says that it is ready; rejects with its words when it ends before that. */
  readonly ready: Promise<void>
  /** Its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
}

const program = new URL('../../embedded.ts', import.meta.url).pathname

/** The stores are always the embedded ones. */
const environment = (): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...others } = process.env
  return { ...others, LOG_LEVEL: 'warn', SHUTDOWN_GRACE_MS: '2000' }
}

/** Starts the platform on `port` and the two after it. */
export const spawnPlatform = (directory: string, port: number, ...flags: string[]): StartedPlatform => {
  const args = [program, '--port', String(port), '--data', directory, ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  ready.catch(() => undefined)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += String(data)
    if (stdout.includes('The platform is ready.')) resolve()
  })
  child.stderr.on('data', (data) => {
    stderr += String(data)
  })
  const exited = once(child, 'close').then(() => {
    reject(new Error(`It ended before it was ready: ${stdout}\n${stderr}`))
    return child.exitCode
  })
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stderr: () => stderr,
    ready,
    exited,
    signal: (name) => void child.kill(name),
  }
}

/** A directory for data that PostgreSQL's unprivileged user can enter, under the name by which leftovers are found. */
export const makeDataDirectory = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), `${testClusterPrefix}${process.pid}-`))
  await chmod(directory, 0o711)
  return directory
}

export const removeDataDirectory = async (directory: string): Promise<void> => {
  await stopEmbeddedPostgres(join(directory, 'postgres'))
  await rm(directory, { recursive: true, force: true })
}

/** The process id of the PostgreSQL that runs on the data, if one does. */
export const postgresOf = async (directory: string): Promise<number | undefined> => {
  const text = await readFile(join(directory, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  return pid > 0 && (await findProcess(pid)) ? pid : undefined
}

/** Waits until nobody answers on the port. */
export const untilSilent = (port: number): Promise<boolean> =>
  eventually(`silence on ${port}`, () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => false,
      () => true,
    ),
  )
