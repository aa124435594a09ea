import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { z } from 'zod'
import * as disputes from '../disputes/operations.ts'
import { Fault } from '../faults/fault.ts'
import { respondWithError } from '../http/answer.ts'
import { authenticate, secretKeyRequired } from '../http/authentication.ts'
import { handle } from '../http/operation.ts'
import type { Provider } from '../http/provider.ts'
import * as paymentIntents from '../payment-intents/operations.ts'
import * as refunds from '../refunds/operations.ts'
import { invalidParameter } from '../stripe/errors.ts'
import { readLedger } from './ledger.ts'

type Env = { Bindings: HttpBindings; Variables: { requestId: string } }

const Clock = z.strictObject({ aheadMs: z.int().min(0).max(10_000_000_000) })

const parse = <T>(name: string, schema: z.ZodType<T>, text: string): T => {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'the body is not JSON'
    throw invalidParameter(name, `Invalid ${name}: ${why}`)
  }
}

/** The doors that Stripe does not have: misbehaviour on demand, the bank's part, and the books. */
export const controlRoutes = (provider: Provider): Hono<Env> => {
  const routes = new Hono<Env>()
  routes.onError((error, c) => respondWithError(c, provider, error))
  routes.post('/payment_intents/:id/authenticate', handle(provider, paymentIntents.authenticate))
  routes.post('/payment_intents/:id/settle', handle(provider, paymentIntents.settle))
  routes.post('/payment_intents/:id/dispute', handle(provider, disputes.open))
  routes.post('/refunds/:id/settle', handle(provider, refunds.settle))

  routes.use('*', async (c, next) => {
    if (authenticate(provider.keys, c.req.header('authorization')) === 'payer') throw secretKeyRequired()
    await next()
  })
  routes.post('/faults', async (c) => {
    const fault = parse('fault', Fault, await c.req.text())
    return c.json({ id: provider.faults.add(fault), fault }, 201)
  })
  routes.get('/faults', (c) => c.json({ data: provider.faults.pending() }))
  routes.delete('/faults', (c) => {
    provider.faults.clear()
    return c.body(null, 204)
  })
  routes.post('/clock', async (c) => {
    provider.moveClock(parse('clock', Clock, await c.req.text()).aheadMs)
    provider.dispatcher?.wake()
    return c.body(null, 204)
  })
  routes.get('/ledger', (c) => c.json(readLedger(provider.objects, c.req.query('payment_intent'))))
  routes.get('/webhooks', (c) => c.json(provider.deliveries.counts()))
  return routes
}
