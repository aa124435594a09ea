// npm run migrate: brings the schemas of all services up to date, with the owner's DATABASE_URL, and gives each service its
// role. `--urls` prints what each service connects with, for the store of secrets.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ConfigError, loadConfig, variables } from './kit/config.ts'
import { migrateServices, serviceUrl } from './kit/postgres/migrate.ts'
import { learning } from './learning/service.ts'
import { payment } from './payment/service.ts'
import { user } from './user/service.ts'

const services = [user, learning, payment]

const run = async (): Promise<void> => {
  const { values } = parseArgs({ options: { urls: { type: 'boolean', default: false } } })
  const { DATABASE_URL: owner } = loadConfig(z.object({ DATABASE_URL: variables.postgresUrl }))
  await migrateServices(
    owner,
    services.map(({ tables }) => tables),
  )
  for (const { name, tables } of services)
    process.stdout.write(values.urls ? `${name} ${serviceUrl(owner, tables.schema)}\n` : `${name} is up to date.\n`)
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`)
  process.exitCode = 1
})
