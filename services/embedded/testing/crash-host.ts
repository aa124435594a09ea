import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { addMs, type Clock, systemClock } from '#domain/kernel/clock.ts'
import { onFailpoint, registeredFailpoints } from '#bus/failpoints.ts'
import { createLogger } from '#services/kit/logging.ts'
import { loadOrCreateSecrets, secretVariables } from '#services/kit/secrets.ts'
import { startPlatform } from '../platform.ts'
import { catalogDifferences } from './crash/catalog-differences.ts'
import { disturbanceOf, DisturbanceName } from './crash/disturbance.ts'

/**
 * A host that dies. It runs the platform without the Worker on stores and a sandbox that outlive it, kills itself at a
 * failpoint, and takes orders on stdin, one JSON value a line; every answer is one line too.
 */
const Flags = z.object({
  database: z.string(),
  sandbox: z.string(),
  port: z.coerce.number().int(),
  directory: z.string(),
  disturb: DisturbanceName.default('fresh'),
  /** Where it kills itself, the `hit`th time that it comes there. */
  failpoint: z.string().optional(),
  hit: z.coerce.number().int().default(1),
  'ahead-ms': z.coerce.number().int().default(0),
})

const Order = z.discriminatedUnion('order', [
  z.object({ order: z.literal('set-clock'), aheadMs: z.int() }),
  z.object({ order: z.literal('compare-catalog') }),
])

const options = Object.fromEntries(Object.keys(Flags.shape).map((name) => [name, { type: 'string' as const }]))
const flags = Flags.parse(parseArgs({ options }).values)
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

let hits = 0
onFailpoint((name) => {
  if (name !== flags.failpoint || ++hits < flags.hit) return
  process.kill(process.pid, 'SIGKILL')
  return once(process, 'death').then(() => undefined)
})

let { 'ahead-ms': aheadMs } = flags
const clock: Clock = { now: () => addMs(systemClock.now(), aheadMs) }
const secrets = await loadOrCreateSecrets(flags.directory)
const platform = await startPlatform({
  directory: flags.directory,
  host: '127.0.0.1',
  ports: { api: flags.port, catalog: undefined, sandbox: undefined },
  secrets,
  variables: { ...secretVariables(secrets), DATABASE_URL: flags.database, STRIPE_BASE_URL: flags.sandbox },
  loggerOf: (service) => createLogger({ level: 'silent', service }),
  clock,
  transport: { disturb: disturbanceOf(flags.disturb) },
  rateLimitPerMinute: 100_000,
})
say({ ready: true, failpoints: registeredFailpoints() })

const obey = async (order: z.infer<typeof Order>): Promise<void> => {
  if (order.order === 'set-clock') aheadMs = order.aheadMs
  say({ done: order.order === 'set-clock' ? [] : await catalogDifferences(platform.services.learning) })
}

// Whoever started it is gone when stdin ends.
for await (const line of createInterface({ input: process.stdin })) await obey(Order.parse(JSON.parse(line)))
process.exit(0)
