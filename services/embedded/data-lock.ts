import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '#services/kit/config.ts'
import { stopEmbeddedPostgres } from '#services/kit/postgres/embedded.ts'
import { createPrivateFile } from '#services/kit/private-file.ts'
import { findProcess } from '#services/kit/running-process.ts'

/** Layout of a data directory; a start refuses one that another layout wrote. */
const DATA_VERSION = '1'
const LOCK = 'platform.lock'
const VERSION = 'version'

const Holder = z.object({ pid: z.int(), startedAt: z.string() })
type Holder = z.infer<typeof Holder>

const isAlive = async ({ pid, startedAt }: Holder): Promise<boolean> =>
  (await findProcess(pid))?.startedAt === startedAt

const readHolder = async (path: string): Promise<Holder | undefined> => {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

const checkVersion = async (directory: string): Promise<void> => {
  const path = join(directory, VERSION)
  const found = (await readFile(path, 'utf8').catch(() => undefined))?.trim()
  if (found === DATA_VERSION) return
  if (found !== undefined)
    throw new ConfigError(
      `The data in ${directory} are of version ${found}; this platform reads version ${DATA_VERSION}. ` +
        'Start the platform that wrote them, choose another directory (--data DIR), or forget them (--fresh).',
    )
  const others = (await readdir(directory)).filter((name) => !name.startsWith(LOCK))
  if (others.length > 0)
    throw new ConfigError(`${directory} holds something else (${others[0]}). Choose another directory: --data DIR.`)
  await writeFile(path, `${DATA_VERSION}\n`)
}

/** A data directory that this process alone uses. */
export interface DataLock {
  release(): Promise<void>
}

const takeLock = async (directory: string): Promise<void> => {
  const path = join(directory, LOCK)
  const holder = JSON.stringify({ pid: process.pid, startedAt: (await findProcess(process.pid))?.startedAt ?? '' })
  // It has its text before it has its name: nobody takes a lock that is being written for one that is left over.
  if (await createPrivateFile(path, holder)) return
  const other = await readHolder(path)
  if (other && (await isAlive(other)))
    throw new ConfigError(
      `Another platform (process ${other.pid}) runs on the data in ${directory}. Stop it, or use --data DIR.`,
    )
  await rm(path, { force: true })
  await takeLock(directory)
}

/**
 * Takes a data directory for this process. Throws `ConfigError` when another platform runs on it, when another version
 * wrote it, or when it holds something else.
 */
export const lockData = async (directory: string, fresh: boolean): Promise<DataLock> => {
  await mkdir(directory, { recursive: true })
  await takeLock(directory)
  const release = () => rm(join(directory, LOCK), { force: true })
  try {
    if (fresh) await forget(directory)
    await checkVersion(directory)
  } catch (error) {
    await release()
    throw error
  }
  return { release }
}

/** Removes what a platform has written; a directory that none has written stays as it is. */
const forget = async (directory: string): Promise<void> => {
  const names = await readdir(directory)
  if (!names.includes(VERSION)) return
  await stopEmbeddedPostgres(join(directory, 'postgres'))
  for (const name of names) if (name !== LOCK) await rm(join(directory, name), { recursive: true, force: true })
}
