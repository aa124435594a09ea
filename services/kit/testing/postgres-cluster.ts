import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startEmbeddedPostgres, stopEmbeddedPostgres, type EmbeddedPostgres } from '#services/kit/postgres/embedded.ts'

export const testClusterPrefix = 'education-platform-test-'

export interface TestCluster extends Pick<EmbeddedPostgres, 'url' | 'port'> {
  /** Disconnects all clients and ends the server. */
  stop(): Promise<void>
  /** Ends the server as `kill -9` does, and returns when nothing of it is left. */
  kill(): Promise<void>
  /** Starts the server again after `stop` or `kill`: same port, same data, same URL. */
  restart(): Promise<void>
  /** Stops the server and deletes its files. */
  remove(): Promise<void>
}

/**
 * A PostgreSQL of the test's own, in a temporary directory, for tests that stop, kill or reconfigure the server; others
 * share one server through `createTestDatabase`. Commits survive a kill of the server, not a power cut.
 */
export async function startTestCluster(settings: Readonly<Record<string, string>> = {}): Promise<TestCluster> {
  const parent = await mkdtemp(join(tmpdir(), `${testClusterPrefix}${process.pid}-`))
  // PostgreSQL's unprivileged user passes through; the cluster inside is its own.
  await chmod(parent, 0o711)
  const options = { directory: join(parent, 'postgres'), fsync: false, settings }
  let server = await startEmbeddedPostgres(options)
  const { url, port } = server
  const endWithProcess = () => crash(server.pid, parent)
  process.once('exit', endWithProcess)
  return {
    url,
    port,
    stop: () => server.stop(),
    async kill() {
      process.kill(server.pid, 'SIGKILL')
      await untilRefused(port)
    },
    async restart() {
      server = await startEmbeddedPostgres({ ...options, port })
    },
    async remove() {
      process.removeListener('exit', endWithProcess)
      await server.stop()
      await rm(parent, { recursive: true, force: true })
    },
  }
}

async function untilRefused(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const refused = await once(socket, 'connect').then(
    () => false,
    () => true,
  )
  socket.destroy()
  if (refused) return
  await delay(5)
  await untilRefused(port)
}

/** Ends the clusters of test processes that were killed before they could. */
export async function removeAbandonedClusters(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(testClusterPrefix))
  for (const name of names) {
    const owner = Number(name.slice(testClusterPrefix.length).split('-')[0])
    if (isRunning(owner)) continue
    const directory = join(tmpdir(), name)
    await stopEmbeddedPostgres(join(directory, 'postgres'))
    await rm(directory, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** On exit nothing can be awaited: SIGQUIT ends the server at once, and its files are not needed any more. */
function crash(pid: number, directory: string): void {
  if (isRunning(pid)) process.kill(pid, 'SIGQUIT')
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
