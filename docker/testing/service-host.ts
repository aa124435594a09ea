import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { addMs, type Clock, systemClock } from '#domain/kernel/clock.ts'
import { onFailpoint, registeredFailpoints } from '#bus/failpoints.ts'
import { ConfigError } from '#services/kit/config.ts'
import { runContainer } from '#services/kit/hosts/container.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'

/**
 * A service's process that dies and whose time can be moved. It takes orders on stdin, one JSON value a line; every answer
 * is one line too.
 */
const Order = z.discriminatedUnion('order', [
  /** Time goes on from so far ahead of the machine's. */
  z.object({ order: z.literal('set-clock'), aheadMs: z.int(), id: z.string() }),
  /** It kills itself when it comes there the `hit`th time from now. */
  z.object({ order: z.literal('die-at'), failpoint: z.string(), hit: z.int().min(1), id: z.string() }),
  z.object({ order: z.literal('list-failpoints'), id: z.string() }),
])
type Order = z.infer<typeof Order>

let death: { readonly failpoint: string; left: number } | undefined
onFailpoint((name) => {
  if (name !== death?.failpoint || --death.left > 0) return
  process.kill(process.pid, 'SIGKILL')
  return once(process, 'death').then(() => undefined)
})

let aheadMs = 0
const clock: Clock = { now: () => addMs(systemClock.now(), aheadMs) }

const obey = (order: Order): readonly string[] => {
  if (order.order === 'set-clock') aheadMs = order.aheadMs
  if (order.order === 'die-at') death = { failpoint: order.failpoint, left: order.hit }
  return order.order === 'list-failpoints' ? registeredFailpoints() : []
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = Order.parse(JSON.parse(line))
  process.stdout.write(`${JSON.stringify({ done: order.id, answer: obey(order) })}\n`)
})

const run = async (name: string | undefined): Promise<void> => {
  if (name === 'user') await runContainer(user, { clock })
  else if (name === 'learning') await runContainer(learning, { clock })
  else if (name === 'payment') await runContainer(payment, { clock })
  else throw new ConfigError(`There is no service "${name}".`)
}
await run(process.argv[2])
