import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { SERVICES } from './contracts.ts'
import type { Data } from './data.ts'
import { entries } from './entries.ts'
import type { Network } from './network.ts'
import type { Settings } from './settings.ts'

const folderOf = (service: string): string => `services/${service}/infrastructure/postgres/migrations`

/** Where the migrations lie, and where the function finds them. */
export const migrationFolders = (): { from: string; to: string }[] =>
  SERVICES.map(({ name, tables }) => ({ from: folderOf(name), to: `migrations/${tables.schema}` }))

/** Changes with every migration, so that the function is called again exactly then. */
const fingerprint = (): string => {
  const hash = createHash('sha256')
  for (const { from } of migrationFolders())
    for (const file of globSync(`${from}/**/*.{sql,json}`).toSorted()) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

/** Brings the schemas up to date within the network, with the owner's rights, before anything starts that needs them. */
export const runMigrations = (network: Network, { ownerUrl }: Data, { prefix }: Settings) => {
  const name = `${prefix}-migrate`
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' }),
    managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
  })
  const migrate = new sst.aws.Function('Migrate', {
    handler: entries.migrate,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    timeout: '10 minutes',
    vpc: network,
    role: role.arn,
    environment: { DATABASE_URL: ownerUrl },
    copyFiles: migrationFolders(),
    dev: false,
  })
  return new aws.lambda.Invocation('Migration', {
    functionName: migrate.name,
    input: '{}',
    triggers: { migrations: fingerprint() },
  })
}
