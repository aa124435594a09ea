import { findPostgresBinaries } from './embedded/binaries.ts'
import { clusterFiles, clusterOwner, initialiseCluster, readPassword } from './embedded/cluster.ts'
import { clearStaleLock, findPostmaster } from './embedded/postmaster.ts'
import { answers, startServer, stopServer } from './embedded/server.ts'

export interface EmbeddedPostgresOptions {
  /** Where the cluster, its log and its password live; made when missing. PostgreSQL's user must be able to enter it. */
  readonly directory: string
  /** `true` (the default) survives a power cut; `false` is for data that nobody will miss, and makes commits cheap. */
  readonly fsync?: boolean
  /** Where it listens on the loopback; a free port, and another one at every start, when not given. */
  readonly port?: number
  /** More settings of the server, by their names in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  /** The owner's URL, password included. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly directory: string
  /** True when the server was already running, left over from a process that was killed. */
  readonly adopted: boolean
  /** Disconnects all clients and ends the server; does nothing when it has ended already. */
  stop(): Promise<void>
}

const recoveryMs = 60_000

/**
 * Starts the PostgreSQL 18 that came with the npm packages, in the background: it outlives this process when that is
 * killed, and the next start on the same directory adopts it. One platform at a time uses a directory.
 * Sorting and case folding are those of the builtin C.UTF-8 locale, on every system; time zone UTC.
 *
 * @example
 * const database = await startEmbeddedPostgres({ directory: '.data/postgres' })
 * const sql = postgres(database.url)
 * await sql.end()
 * await database.stop()
 * @throws Error with PostgreSQL's own words, when it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, settings = {} } = options
  const files = clusterFiles(options.directory)
  const binaries = await findPostgresBinaries()
  await initialiseCluster(files, binaries, fsync)
  const password = await readPassword(files)
  const urlAt = (port: number) => `postgres://${clusterOwner}:${password}@127.0.0.1:${port}/postgres`

  const running = await findPostmaster(files.data)
  const adopted = running !== undefined && (await answers(urlAt(running.port), recoveryMs))
  if (!adopted) {
    await stopServer(files, binaries)
    await clearStaleLock(files.data)
  }
  const { pid, port } = adopted
    ? running
    : await startServer(files, binaries, { ...serverSettings(fsync), ...settings }, options.port)
  return {
    url: urlAt(port),
    port,
    pid,
    directory: files.directory,
    adopted,
    stop: () => stopServer(files, binaries),
  }
}

/** Ends the server that a killed process left running on `directory`; does nothing when there is none. */
export async function stopEmbeddedPostgres(directory: string): Promise<void> {
  await stopServer(clusterFiles(directory), await findPostgresBinaries())
}

function serverSettings(fsync: boolean): Record<string, string> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Every service of the embedded platform has a pool of its own.
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  // Without fsync a commit is still in the operating system's hands: it survives a kill, not a power cut.
  return fsync ? settings : { ...settings, fsync: 'off', full_page_writes: 'off' }
}
