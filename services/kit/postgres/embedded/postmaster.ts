import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running server says about itself in the `postmaster.pid` of its data directory. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
}

/** The server that owns `dataDirectory`, or undefined when none runs (a pid that another program has now is stale). */
export async function findPostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  const lines = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  )
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port) return undefined
  const running = (await programOf(pid)).includes('postgres')
  return running ? { pid, port } : undefined
}

async function programOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
