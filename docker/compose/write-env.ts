// npm run compose:env: writes docker/.env, the secrets of the containers. They are made once and kept in docker/.data.
import { createHmac } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { replacePrivateFile } from '#services/kit/private-file.ts'
import { loadOrCreateSecrets, type Secrets } from '#services/kit/secrets.ts'
import { runJob } from './run.ts'
import { composeVariables } from './variables.ts'

const docker = join(import.meta.dirname, '..')

/** The database's owner; it has to stay what it was when the volume was made. */
const ownerPasswordOf = ({ tokenSecret }: Secrets): string =>
  createHmac('sha256', tokenSecret).update('owner of the database').digest('base64url')

await runJob(async () => {
  const directory = join(docker, '.data')
  await mkdir(directory, { recursive: true })
  const secrets = await loadOrCreateSecrets(directory)
  const variables = composeVariables(secrets, ownerPasswordOf(secrets))
  // Nothing within single quotes is replaced; none of these holds one.
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`)
  const path = join(docker, '.env')
  await replacePrivateFile(path, lines.join(''))
  process.stdout.write(`${path} is written. The demo logins:\n`)
  for (const { email, password } of Object.values(secrets.demo)) process.stdout.write(`  ${email}  ${password}\n`)
})
