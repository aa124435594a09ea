import { variables } from '#services/kit/config.ts'
import { ContainerConfig } from '#services/kit/hosts/container-config.ts'
import { DemoLogins } from '#services/kit/secrets.ts'
import { z } from 'zod'

/** Logins of the demonstration, as `npm run compose:env` writes them. */
const demoLogins = z
  .string('missing, set it to the logins that "npm run compose:env" writes')
  .transform((text): unknown => JSON.parse(text))
  .pipe(DemoLogins)

/** What the job reads that makes event bus, queues and rules. */
export const ProvisionConfig = ContainerConfig.pick({
  QUEUE_PREFIX: true,
  AWS_REGION: true,
  AWS_ENDPOINT_URL: true,
  REPLY_SLOTS: true,
})

/** What the job reads that makes the demo logins and courses, beside the user service's own configuration. */
export const SeedConfig = z.object({
  /** The owner's. */
  DATABASE_URL: variables.postgresUrl,
  CURSOR_SECRET: ContainerConfig.shape.CURSOR_SECRET,
  DEMO_LOGINS: demoLogins,
  /** Where it is noted that the courses are there. */
  DATA_DIRECTORY: z.string().min(1),
})

/** What the catalog reads: the Worker in workerd, and the REST door of Redis that it asks. */
export const CatalogConfig = ContainerConfig.pick({ HOST: true, PORT: true, REDIS_URL: true, CURSOR_SECRET: true })

/** What the proxy reads, with the explorer behind it. */
export const ProxyConfig = ContainerConfig.pick({ HOST: true, PORT: true, LOG_LEVEL: true }).extend({
  CATALOG_URL: variables.httpUrl,
  DEMO_LOGINS: demoLogins,
})
