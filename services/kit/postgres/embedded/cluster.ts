import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PostgresBinaries } from './binaries.ts'
import { runProgram } from './program.ts'
import { unprivilegedUser } from './unprivileged.ts'

/** The files of one embedded cluster. */
export interface ClusterFiles {
  readonly directory: string
  readonly data: string
  readonly log: string
  readonly password: string
}

export const clusterOwner = 'owner'

export function clusterFiles(directory: string): ClusterFiles {
  const at = resolve(directory)
  return { directory: at, data: join(at, 'data'), log: join(at, 'log'), password: join(at, 'password') }
}

/** Makes the cluster when the directory holds none; a crash half way leaves nothing that looks like one. */
export async function initialiseCluster(files: ClusterFiles, binaries: PostgresBinaries, sync: boolean): Promise<void> {
  if (existsSync(join(files.data, 'PG_VERSION'))) return
  await mkdir(files.directory, { recursive: true, mode: 0o711 })
  await handOver(files.directory)
  const unfinished = `${files.data}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const password = await writePassword(files)
  await withPasswordFile(files, password, (passwordFile) =>
    runProgram(binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${clusterOwner}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts and folds case alike on every system.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(sync ? [] : ['--no-sync']),
    ]),
  )
  await rename(unfinished, files.data)
}

export async function readPassword(files: ClusterFiles): Promise<string> {
  const password = await readFile(files.password, 'utf8').catch(() => '')
  if (password) return password
  throw new Error(
    `${files.password} is missing, so nobody can log in to the database beside it. ` +
      `Put the file back, or delete ${files.directory} to start with an empty database.`,
  )
}

async function writePassword(files: ClusterFiles): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await rm(files.password, { force: true })
  await writeFile(files.password, password, { mode: 0o600 })
  return password
}

/** initdb reads the password as the unprivileged user, which the lasting file keeps out. */
async function withPasswordFile<T>(files: ClusterFiles, password: string, use: (path: string) => Promise<T>) {
  const path = join(files.directory, 'password.initdb')
  await writeFile(path, password, { mode: 0o600 })
  await handOver(path)
  try {
    return await use(path)
  } finally {
    await rm(path)
  }
}

async function handOver(path: string): Promise<void> {
  const user = unprivilegedUser()
  if (user) await chown(path, user.uid, user.gid)
}
