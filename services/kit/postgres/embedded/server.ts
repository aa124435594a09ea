import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import type { PostgresBinaries } from './binaries.ts'
import type { ClusterFiles } from './cluster.ts'
import { findFreePort } from './free-port.ts'
import { findPostmaster, type Postmaster } from './postmaster.ts'
import { runProgram } from './program.ts'

const portTries = 3
const startingUp = '57P03'

/** Starts the server on the given port or a free one of the loopback, and waits until it takes connections. */
export async function startServer(
  files: ClusterFiles,
  binaries: PostgresBinaries,
  settings: Record<string, string>,
  fixedPort?: number,
): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await findFreePort())
    await writeFile(files.log, '', { flag: 'r+' }).catch(() => undefined)
    const options = Object.entries({ ...settings, port }).map(([name, value]) => `-c ${name}=${value}`)
    try {
      await runProgram(binaries.pgCtl, ['start', '-w', '-D', files.data, '-l', files.log, '-o', options.join(' ')])
    } catch (error) {
      const log = await readFile(files.log, 'utf8').catch(() => '')
      // Another program may take the port between the look and the start.
      if (attempt < portTries && log.includes('could not bind')) continue
      throw new Error(`PostgreSQL did not start in ${files.data}. ${log || String(error)}`)
    }
    const postmaster = await findPostmaster(files.data)
    if (postmaster) return postmaster
    throw new Error(`PostgreSQL stopped right after its start; see ${files.log}`)
  }
}

/** Ends the server that owns the data directory, if any: clients are disconnected, a crash is the last resort. */
export async function stopServer(files: ClusterFiles, binaries: PostgresBinaries): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    if (!(await findPostmaster(files.data))) return
    await runProgram(binaries.pgCtl, ['stop', '-w', '-t', '30', '-m', mode, '-D', files.data]).catch(() => undefined)
  }
  if (await findPostmaster(files.data)) throw new Error(`PostgreSQL in ${files.data} does not stop; see ${files.log}`)
}

/** Whether a server answers at `url`; waits while it is still recovering. */
export async function answers(url: string, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs
  const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 5, onnotice: () => undefined })
  try {
    while (true) {
      try {
        await sql`select 1`
        return true
      } catch (error) {
        const recovering = error instanceof postgres.PostgresError && error.code === startingUp
        if (!recovering || performance.now() > end) return false
        await delay(50)
      }
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}
