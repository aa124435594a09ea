import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findProcess } from '#services/kit/running-process.ts'

/** What a running server says about itself in the `postmaster.pid` of its data directory. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** The server that owns `dataDirectory`, or undefined when none runs (a pid that another program has now is stale). */
export async function findPostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  const named = await readLock(dataDirectory)
  const found = named && (await findProcess(named.pid))
  return found?.program.includes('postgres') ? named : undefined
}

/**
 * Removes the lock of a server that is gone. PostgreSQL does so by itself unless the process id is in use: by another
 * program, or by the dead server where nobody asks for its exit code, as in a container without an init process.
 */
export async function clearStaleLock(dataDirectory: string): Promise<void> {
  if (process.platform !== 'linux') return
  const named = await readLock(dataDirectory)
  if (!named || (await findPostmaster(dataDirectory))) return
  // The children of a killed server end a moment after it, and nobody may write beside them.
  while (await isInUse(dataDirectory)) await delay(10)
  await rm(lockOf(dataDirectory), { force: true })
}

const lockOf = (dataDirectory: string): string => join(dataDirectory, 'postmaster.pid')

async function readLock(dataDirectory: string): Promise<Postmaster | undefined> {
  const text = await readFile(lockOf(dataDirectory), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  return pid && port ? { pid, port } : undefined
}

/** Every process of a server works in its data directory. */
async function isInUse(dataDirectory: string): Promise<boolean> {
  const place = await realpath(dataDirectory)
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  const inside = pids.filter((_pid, at) => places[at] === place)
  const found = await Promise.all(inside.map((pid) => findProcess(Number(pid))))
  return found.some((process) => process?.program.includes('postgres'))
}
