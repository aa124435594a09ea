import { join } from 'node:path'
import { loadConfig, variables } from '#services/kit/config.ts'
import { migrateServices } from '#services/kit/postgres/migrate.ts'
import { z } from 'zod'
import { SERVICES } from './contracts.ts'

const Config = z.object({
  /** The owner's. */
  DATABASE_URL: variables.postgresUrl,
  /** Set by Lambda: where the function's files lie, among them `migrations/<schema>`. */
  LAMBDA_TASK_ROOT: z.string(),
})

/**
 * The function that a deployment calls once before its services start: nothing else reaches the database from outside of
 * the network, or knows the owner's password.
 */
export const handler = async (): Promise<void> => {
  const { DATABASE_URL, LAMBDA_TASK_ROOT } = loadConfig(Config)
  const tables = SERVICES.map((service) => ({
    ...service.tables,
    migrations: join(LAMBDA_TASK_ROOT, 'migrations', service.tables.schema),
  }))
  await migrateServices(DATABASE_URL, tables)
}
