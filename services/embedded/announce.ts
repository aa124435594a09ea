import { resolve } from 'node:path'
import type { DemoLogins } from '#services/kit/secrets.ts'
import type { Platform } from './platform.ts'

export interface Announcement {
  readonly directory: string
  /** The directory that was asked for. */
  readonly data: string
  /** Payments go to the sandbox of this platform. */
  readonly sandboxed: boolean
  readonly demo: DemoLogins
  readonly print: (text: string) => void
}

/** Says where everything is, and who can sign in. */
export const announce = (platform: Platform, { directory, data, sandboxed, demo, print }: Announcement): void => {
  const { apiUrl, catalogUrl, paymentsUrl, database } = platform
  const moved = directory !== resolve(data)
  const logins = Object.entries(demo).map(
    ([role, { email, password }]) => `    ${role.padEnd(8)} ${email}  ${password}`,
  )
  print(
    [
      '',
      'The platform is ready.',
      '',
      `  API         ${apiUrl}`,
      `  Explorer    ${apiUrl}/docs`,
      `  Catalog     ${catalogUrl}/catalog/v1/courses`,
      `  Payments    ${paymentsUrl}${sandboxed ? '   (sandbox; no real money)' : ''}`,
      `  Mailbox     ${apiUrl}/dev/mailbox`,
      `  Data        ${directory} (${database})`,
      ...(moved
        ? [`              PostgreSQL cannot enter ${resolve(data)}; other commands take --data ${directory}`]
        : []),
      '',
      '  Demo logins',
      ...logins,
      '',
      '  Ctrl-C stops; the next start finds the data again.',
      '',
    ].join('\n'),
  )
}
