import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The user that PostgreSQL runs as when this process is root, which PostgreSQL itself refuses to be. */
export interface UnprivilegedUser {
  readonly uid: number
  readonly gid: number
}

/** `nobody` when this process is root, else undefined: PostgreSQL then runs as the present user. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
  const [, , uid, gid] = entry?.split(':') ?? []
  if (!uid || !gid) {
    throw new Error('PostgreSQL refuses to run as root and there is no user "nobody": start this as another user.')
  }
  return { uid: Number(uid), gid: Number(gid) }
}

/** Whether others than the owner may pass through every folder down to `directory` (its existing part). */
export function canEveryoneEnter(directory: string): boolean {
  const parent = dirname(directory)
  const mode = statSync(directory, { throwIfNoEntry: false })?.mode
  const open = mode === undefined || (mode & 0o001) !== 0
  return open && (parent === directory || canEveryoneEnter(parent))
}
