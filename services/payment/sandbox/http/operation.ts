import type { OperationName, RequestFault } from '../faults/fault.ts'
import { findPaymentIntent } from '../payment-intents/store.ts'
import type { Scope } from '../scope.ts'
import { invalidParameter, StripeError, serverError } from '../stripe/errors.ts'
import type { Metadata } from '../stripe/objects.ts'
import { type Answer, respond, respondWithError } from './answer.ts'
import { type Call, readCall, type SandboxContext } from './call.ts'
import { keyInUse } from './idempotency.ts'
import { interruptBeforeAnswer, interruptBeforeEffect } from './interruption.ts'
import type { Provider } from './provider.ts'

export interface Operation {
  /** How faults aim at it; the sandbox's own doors have no name and never misbehave. */
  name?: OperationName
  /** Whether a publishable key may call it. */
  openToPayers?: boolean
  expandable?: string[]
  run(scope: Scope, call: Call): object
}

const scopeOf = (provider: Provider, call: Call): Scope => ({
  objects: provider.objects,
  events: provider.events,
  faults: provider.faults,
  origin: { id: call.requestId, idempotencyKey: call.idempotency?.key ?? null },
  now: Math.floor(provider.now() / 1000),
  baseUrl: provider.baseUrl(),
})

/** What a fault's `metadata` is compared with: the intent's own and what the request brings. */
const metadataOf = (provider: Provider, { id, form }: Call): Metadata => {
  const named = typeof form.payment_intent === 'string' ? form.payment_intent : ''
  const intent = findPaymentIntent(provider, id || named)
  const sent = typeof form.metadata === 'object' ? Object.entries(form.metadata) : []
  const texts = sent.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))
  return { ...intent?.metadata, ...Object.fromEntries(texts) }
}

const attempt = (operation: Operation, scope: Scope, call: Call, fault: RequestFault | undefined): Answer => {
  const { requestId } = call
  try {
    const body = operation.run(scope, call)
    if (fault?.kind === 'server_error_after_effect') throw serverError(true)
    return { status: 200, body: JSON.stringify(body, null, 2), requestId }
  } catch (error) {
    // Only what was executed is kept: any other error rolls the transaction back.
    if (!(error instanceof StripeError) || !error.executed) throw error
    return { status: error.status, body: JSON.stringify(error.body(call.audience), null, 2), requestId }
  }
}

/** The effect, its events and the answer under its idempotency key: one transaction. */
const executeOnce = (provider: Provider, operation: Operation, call: Call, fault: RequestFault | undefined): Answer =>
  provider.database.transaction(() => {
    const stored = call.idempotency && provider.idempotency.find(call.idempotency)
    if (stored) return { ...stored, requestId: call.requestId, replayOf: stored.requestId }
    const answer = attempt(operation, scopeOf(provider, call), call, fault)
    if (call.idempotency) provider.idempotency.save(call.idempotency, answer)
    return answer
  })

const execute = async (
  c: SandboxContext,
  provider: Provider,
  operation: Operation,
  call: Call,
  fault: RequestFault | undefined,
): Promise<Answer> => {
  if (!call.idempotency) {
    await interruptBeforeEffect(c, provider, fault)
    return executeOnce(provider, operation, call, fault)
  }
  const key = `${call.audience} ${call.idempotency.key}`
  if (provider.inFlightKeys.has(key)) throw keyInUse(call.idempotency.key)
  provider.inFlightKeys.add(key)
  try {
    await interruptBeforeEffect(c, provider, fault)
    return executeOnce(provider, operation, call, fault)
  } finally {
    provider.inFlightKeys.delete(key)
  }
}

const checkExpand = (call: Call, expandable: string[] = []): void => {
  const refused = call.expand.find((path) => !expandable.includes(path))
  if (refused) throw invalidParameter('expand', `This property cannot be expanded (${refused}).`)
}

/** The HTTP handler of an operation, with its faults. */
export const handle =
  (provider: Provider, operation: Operation) =>
  async (c: SandboxContext): Promise<Response> => {
    try {
      const call = await readCall(provider, c, { openToPayers: operation.openToPayers ?? false })
      checkExpand(call, operation.expandable)
      const { name } = operation
      const fault = name && provider.faults.takeForRequest(name, metadataOf(provider, call))
      const answer = await execute(c, provider, operation, call, fault)
      provider.dispatcher?.wake()
      await provider.dispatcher?.deliverBeforeAnswer(call.requestId)
      await interruptBeforeAnswer(c, provider, fault)
      return respond(c, answer)
    } catch (error) {
      return respondWithError(c, provider, error)
    }
  }
