import type { ReplyData } from '#bus/envelope.ts'
import type { IncomingRequest } from '#bus/messaging/dispatcher.ts'
import { HttpRequest, MESSAGES_PATH } from '#bus/request-reply/http-lane.ts'
import type { CheckServiceToken } from '#bus/request-reply/service-token.ts'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type ProblemKind, PROBLEM_KINDS, PROBLEM_TYPES, problemTypeUri } from '../http/problem-types.ts'

export interface InternalMessagesOptions {
  readonly answer: (request: IncomingRequest) => Promise<ReplyData>
  /** Who calls is known by this alone. */
  readonly check: CheckServiceToken
}

const MAX_BODY_BYTES = 1024 * 1024
const NO_STORE = { 'cache-control': 'no-store' }

const kindNamed = (name: string): ProblemKind => PROBLEM_KINDS.find((kind) => kind === name) ?? 'internal'

const problem = (fault: {
  code: string
  kind: string
  detail: string
  retryAfterMs?: number | undefined
}): Response => {
  const { status, title } = PROBLEM_TYPES[kindNamed(fault.kind)]
  return Response.json(
    { type: problemTypeUri(fault.code), title, status, ...fault },
    { status, headers: { ...NO_STORE, 'content-type': 'application/problem+json' } },
  )
}

const unauthenticated = () =>
  problem({ code: 'UNAUTHENTICATED', kind: 'unauthenticated', detail: 'Send a token of a service.' })
const unreadable = () => problem({ code: 'INVALID_INPUT', kind: 'invalid', detail: 'This is no request.' })
const tooLarge = () => problem({ code: 'TOO_LARGE', kind: 'too_large', detail: 'The request is too large.' })

/** The responder of the http lane; for a listener of its own that nobody outside reaches. */
export const internalMessages = ({ answer, check }: InternalMessagesOptions): Hono => {
  const app = new Hono()
  app.post(`${MESSAGES_PATH}/:type`, bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }), async (context) => {
    const bearer = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1]
    const from = bearer === undefined ? undefined : await check(bearer).catch(() => undefined)
    if (from === undefined) return unauthenticated()
    const body = HttpRequest.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return unreadable()
    const { id, deadline, correlationId, traceparent, ...request } = body.data
    const origin = { correlationId, causationId: id, traceparent, deadline }
    const reply = await answer({ ...request, type: context.req.param('type'), from, id, deadline, origin })
    if (reply.outcome === 'faulted') return problem(reply)
    return context.json({ output: reply.output }, 200, NO_STORE)
  })
  return app
}
