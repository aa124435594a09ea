import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { StripeError, serverError } from '../stripe/errors.ts'
import { apiVersion } from '../stripe/objects.ts'
import type { SandboxContext } from './call.ts'
import { ConnectionLost } from './interruption.ts'
import type { Provider } from './provider.ts'

export interface Answer {
  status: number
  body: string
  requestId: string
  /** The request whose stored answer this is. */
  replayOf?: string
}

export const respond = (c: SandboxContext, answer: Answer): Response => {
  const headers = new Headers({
    'cache-control': 'no-cache, no-store',
    'content-type': 'application/json',
    'request-id': answer.requestId,
    'stripe-version': c.req.header('stripe-version') ?? apiVersion,
  })
  const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined
  if (key) headers.set('idempotency-key', key)
  if (answer.replayOf) {
    headers.set('idempotent-replayed', 'true')
    headers.set('original-request', answer.replayOf)
  }
  return new Response(answer.body, { status: answer.status, headers })
}

export const respondWithError = (c: SandboxContext, provider: Provider, error: unknown): Response => {
  if (error instanceof ConnectionLost) {
    c.env.outgoing.destroy()
    return RESPONSE_ALREADY_SENT
  }
  if (!(error instanceof StripeError) && !provider.closing.aborted) provider.reportError(error)
  const shown = error instanceof StripeError ? error : serverError(false)
  // Only executed errors speak of an intent, and they were answered inside their transaction.
  const body = JSON.stringify(shown.body('payer'), null, 2)
  return respond(c, { status: shown.status, body, requestId: c.get('requestId') })
}
