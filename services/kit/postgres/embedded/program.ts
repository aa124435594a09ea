import { execFile } from 'node:child_process'
import { unprivilegedUser } from './unprivileged.ts'

/** Runs a PostgreSQL program to its end as the unprivileged user; throws what it printed when it fails. */
export function runProgram(path: string, args: readonly string[]): Promise<void> {
  const user = unprivilegedUser()
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return new Promise((resolve, reject) => {
    execFile(path, args, { ...user, cwd: '/', env: environment }, (error, stdout, stderr) => {
      if (!error) return resolve()
      reject(new Error([error.message, stdout, stderr].map((text) => text.trim()).join('\n')))
    })
  })
}
