import { createHash } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ConfigError } from '../config.ts'
import { canEveryoneEnter, unprivilegedUser } from './embedded/unprivileged.ts'

/**
 * The directory that holds all data of an embedded platform: `preferred` (usually `.data` in the clone), or one under
 * `/var/lib` when this process is root in a place that PostgreSQL's unprivileged user cannot enter. Creates it.
 *
 * @param preferred a path, absolute or relative to the working directory
 * @throws ConfigError when it is a file
 * @returns the absolute path; a caller that was given another one than it preferred tells the person where it is
 */
export function chooseDataDirectory(preferred: string): string {
  const wanted = resolve(preferred)
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new ConfigError(`${wanted} is not a directory. Choose another one: --data DIR.`)
  const reachable = !unprivilegedUser() || canEveryoneEnter(wanted)
  const chosen = reachable ? wanted : join('/var/lib', `${basename(resolve(wanted, '..'))}-${shortHash(wanted)}`)
  mkdirSync(chosen, { recursive: true, mode: 0o711 })
  return chosen
}

/** Two clones of one name do not share their data. */
function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 8)
}
