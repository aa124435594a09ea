import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { controlRoutes } from './control/routes.ts'
import * as disputes from './disputes/operations.ts'
import { respondWithError } from './http/answer.ts'
import { handle, type Operation } from './http/operation.ts'
import type { Provider } from './http/provider.ts'
import { rootPage } from './page.ts'
import * as paymentIntents from './payment-intents/operations.ts'
import { requireCharge } from './payment-intents/store.ts'
import * as refunds from './refunds/operations.ts'
import { StripeError, unrecognizedUrl } from './stripe/errors.ts'
import { newId } from './stripe/ids.ts'
import { parseParameters } from './stripe/parameters.ts'
import * as transfers from './transfers/operations.ts'
import * as events from './webhooks/operations.ts'

const maximumBody = 64 * 1024

const retrieveCharge: Operation = {
  name: 'charges.retrieve',
  run: (scope, { id, form }) => {
    parseParameters(z.strictObject({}), form)
    return requireCharge(scope, id)
  },
}

export const sandboxApp = (provider: Provider) => {
  const app = new Hono<{ Bindings: HttpBindings; Variables: { requestId: string } }>()
  app.onError((error, c) => respondWithError(c, provider, error))
  app.notFound((c) => respondWithError(c, provider, unrecognizedUrl(c.req.method, c.req.path)))
  app.use(async (c, next) => {
    c.set('requestId', newId('req'))
    await next()
  })
  app.use(
    bodyLimit({
      maxSize: maximumBody,
      onError: (c) => {
        throw new StripeError(413, 'invalid_request_error', `${c.req.path}: the request body is too large.`)
      },
    }),
  )

  app.get('/', (c) => {
    c.header('cache-control', 'no-store')
    return c.text(rootPage(provider.baseUrl(), provider.keys.publishable))
  })
  app.post('/v1/payment_intents', handle(provider, paymentIntents.create))
  app.get('/v1/payment_intents', handle(provider, paymentIntents.list))
  app.get('/v1/payment_intents/:id', handle(provider, paymentIntents.retrieve))
  app.post('/v1/payment_intents/:id/confirm', handle(provider, paymentIntents.confirm))
  app.post('/v1/payment_intents/:id/cancel', handle(provider, paymentIntents.cancel))
  app.post('/v1/refunds', handle(provider, refunds.create))
  app.get('/v1/refunds', handle(provider, refunds.list))
  app.get('/v1/refunds/:id', handle(provider, refunds.retrieve))
  app.get('/v1/disputes', handle(provider, disputes.list))
  app.get('/v1/disputes/:id', handle(provider, disputes.retrieve))
  app.post('/v1/disputes/:id', handle(provider, disputes.update))
  app.post('/v1/disputes/:id/close', handle(provider, disputes.close))
  app.post('/v1/transfers', handle(provider, transfers.create))
  app.get('/v1/transfers', handle(provider, transfers.list))
  app.get('/v1/transfers/:id', handle(provider, transfers.retrieve))
  app.post('/v1/transfers/:id/reversals', handle(provider, transfers.reverse))
  app.get('/v1/charges/:id', handle(provider, retrieveCharge))
  app.get('/v1/events', handle(provider, events.list))
  app.get('/v1/events/:id', handle(provider, events.retrieve))
  app.route('/sandbox', controlRoutes(provider))
  return app
}
