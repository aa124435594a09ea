import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ClientFailure } from './client-failure.ts'

export const Login = z.object({ email: z.string().min(1), password: z.string().min(1) })
export type Login = z.infer<typeof Login>

const CredentialsFile = z.object({ admin: Login })

/** The demo administrator's login, which a started platform leaves in its data directory. */
export async function adminLogin(dataDirectory: string): Promise<Login> {
  const path = join(dataDirectory, 'credentials.json')
  try {
    return CredentialsFile.parse(JSON.parse(await readFile(path, 'utf8'))).admin
  } catch (error) {
    throw new ClientFailure(
      `No administrator's login: ${path} ${whyUnusable(error)}. Start the platform with "npm start", name its data ` +
        'directory with --data, or give --email and --password.',
    )
  }
}

function whyUnusable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES') return 'may not be read by this user'
  return 'does not hold one'
}
