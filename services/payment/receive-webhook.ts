import { z } from 'zod'
import { ProviderUnknown, WebhookRefused } from '#domain/payment/errors.ts'
import { failpoint } from '#bus/failpoints.ts'
import { jsonSchemaOf } from '#services/kit/http/json-schema.ts'
import { rawRoute } from '#services/kit/http/raw-route.ts'
import { Clock } from '#services/kit/ports.ts'
import { IngestProviderEvent } from './commands/ingest-provider-event.ts'
import { Webhooks } from './ports.ts'

const beforeIngest = failpoint('payment.webhook.before_ingest')
const afterIngest = failpoint('payment.webhook.after_ingest')

/** As much as the document tells of it; the provider's own documentation tells the rest. */
const ProviderEvent = z.looseObject({
  id: z.string().max(255),
  object: z.literal('event'),
  type: z.string().max(255),
})

export const receiveWebhookRoute = rawRoute({
  method: 'post',
  path: '/v1/webhooks/{provider}',
  tag: 'Webhooks',
  operationId: 'receiveWebhook',
  summary: "Take in a provider's notice",
  description: 'For `stripe`. Signed bodies only, not older than five minutes; a repeat is answered as the first one.',
  scope: 'public',
  errors: [ProviderUnknown, WebhookRefused],
  rateLimit: { limit: 6_000, windowSeconds: 60, per: 'address' },
  maxBodyBytes: 262_144,
  parameters: [
    { name: 'stripe-signature', in: 'header', description: 'Time and HMAC-SHA256 of the body, as Stripe makes it.' },
  ],
  requestBody: {
    mediaType: 'application/json',
    description: 'An event of the provider.',
    schema: jsonSchemaOf(ProviderEvent, 'input', 'receive_webhook'),
    example: { id: 'evt_1', object: 'event', type: 'payment_intent.succeeded' },
  },
  responses: { 200: { description: 'Taken in, whether or not it is of any use.' } },
  dependencies: { webhooks: Webhooks, clock: Clock },
  handle: async (request, { webhooks, clock }) => {
    const provider = request.param('provider')
    const body = await request.text()
    const signature = request.header('stripe-signature')
    const notice = webhooks.read({ provider, body, signature, receivedAt: clock.now() })
    const call = { actor: { kind: 'service', service: 'payment' }, origin: request.origin } as const
    await beforeIngest()
    await request.buses.execute(IngestProviderEvent, { provider, body, ...notice }, call)
    await afterIngest()
    return {}
  },
})
