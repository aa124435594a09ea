import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { addMs, type Clock, systemClock } from '#domain/kernel/clock.ts'
import { onFailpoint, registeredFailpoints } from '#bus/failpoints.ts'
import { ConfigError, environment, loadConfig, variables } from '#services/kit/config.ts'
import { type ContainerOptions, runContainer } from '#services/kit/hosts/container.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'
import { type Disturbed, disturbShare } from './disturbed.ts'

/**
 * A service's process that dies and whose time can be moved. It takes orders on stdin, one JSON value a line; every answer
 * is one line of stderr: the log writes to stdout past Node's own stream, and cuts lines of that in two.
 */
const Order = z.discriminatedUnion('order', [
  /** Time goes on from so far ahead of the machine's. */
  z.object({ order: z.literal('set-clock'), aheadMs: z.int(), id: z.string() }),
  /** It kills itself when it comes there the `hit`th time from now. */
  z.object({ order: z.literal('die-at'), failpoint: z.string(), hit: z.int().min(1), id: z.string() }),
  /** It lives wherever it comes. */
  z.object({ order: z.literal('live-on'), id: z.string() }),
  z.object({ order: z.literal('list-failpoints'), id: z.string() }),
  /** How many messages came to it twice or late. */
  z.object({ order: z.literal('read-disturbed'), id: z.string() }),
])
type Order = z.infer<typeof Order>

let death: { readonly failpoint: string; left: number } | undefined
onFailpoint((name) => {
  if (name !== death?.failpoint || --death.left > 0) return
  process.kill(process.pid, 'SIGKILL')
  return once(process, 'death').then(() => undefined)
})

/** What only processes of a test read. */
const TestHost = z.object({
  /** Time begins so far ahead of the machine's. */
  CLOCK_AHEAD_MS: variables.integer(0, 2 ** 40).default(0),
  /** Of all messages that arrive, so many in a thousand come twice, and as many late. */
  DISTURBED_PER_MILLE: variables.integer(0, 500).default(0),
})

const { CLOCK_AHEAD_MS, DISTURBED_PER_MILLE } = loadConfig(TestHost, environment)
const disturbed: Disturbed = { duplicated: 0, reordered: 0 }
let aheadMs = CLOCK_AHEAD_MS
const clock: Clock = { now: () => addMs(systemClock.now(), aheadMs) }

const obey = (order: Order): unknown => {
  if (order.order === 'set-clock') aheadMs = order.aheadMs
  if (order.order === 'die-at') death = { failpoint: order.failpoint, left: order.hit }
  if (order.order === 'live-on') death = undefined
  if (order.order === 'read-disturbed') return disturbed
  return order.order === 'list-failpoints' ? registeredFailpoints() : undefined
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = Order.parse(JSON.parse(line))
  process.stderr.write(`${JSON.stringify({ done: order.id, answer: obey(order) })}\n`)
})

/** What a process that was killed had received is soon given to another one. */
const options: ContainerOptions = {
  clock,
  consumer: { visibilitySeconds: 5 },
  rateLimitPerMinute: 100_000,
  onClients: async (clients) => {
    if (DISTURBED_PER_MILLE > 0) await disturbShare(clients, DISTURBED_PER_MILLE / 1_000, disturbed)
  },
}

const run = async (name: string | undefined): Promise<void> => {
  if (name === 'user') await runContainer(user, options)
  else if (name === 'learning') await runContainer(learning, options)
  else if (name === 'payment') await runContainer(payment, options)
  else throw new ConfigError(`There is no service "${name}".`)
}
await run(process.argv[2])
