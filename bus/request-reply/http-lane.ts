import type { DomainError } from '#domain/kernel/errors.ts'
import http from 'node:http'
import https from 'node:https'
import { z } from 'zod'
import type { ReplyData } from '../envelope.ts'
import type { IncomingRequest } from '../messaging/dispatcher.ts'
import { type Lane, OutcomeUnknown, ServiceFailed } from './requester.ts'
import type { IssueServiceToken } from './service-token.ts'

/** Where a service takes requests, at its internal listener or at an API of functions. */
export const MESSAGES_PATH = '/internal/messages'

const PROBLEM_TYPE = 'application/problem+json'
/** More than any answer of a contract takes. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024
const CONNECT_MS = 500

/** What the body of a call says; the type is in its path, and who calls is known by the token alone. */
export const HttpRequest = z.object({
  id: z.string().min(1).max(100),
  idempotencyKey: z.string().min(1).max(300),
  deadline: z.iso.datetime({ precision: 3 }),
  correlationId: z.string().min(1).max(200),
  traceparent: z.string().max(100).optional(),
  data: z.unknown(),
})

const HttpAnswer = z.object({ output: z.unknown() })

/** A refusal (RFC 9457), with what an asker needs of it. */
const HttpProblem = z.object({
  code: z.string(),
  kind: z.string(),
  detail: z.string(),
  retryAfterMs: z.int().optional(),
})

export interface HttpLaneOptions {
  /** The base URL of a service's internal listener; `undefined` where it has none. */
  readonly urlOf: (service: string) => string | undefined
  readonly token: IssueServiceToken
}

/** The lane between processes that know where the others take requests. */
export interface HttpLane {
  readonly lane: Lane
  /** True where the service's listener is known. */
  reaches(service: string): boolean
  /** Hangs up. */
  close(): void
}

/** These come before anything was sent. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CONNECT_TIMEOUT',
])

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '')

const failureOf = (type: string, error: Error): DomainError =>
  NEVER_ARRIVED.has(codeOf(error)) ? ServiceFailed(type, 'UNREACHABLE', error) : OutcomeUnknown(type)

const replyOf = (type: string, status: number, mediaType: string | undefined, body: string): ReplyData => {
  if (status === 200) return { outcome: 'replied', output: HttpAnswer.parse(JSON.parse(body)).output }
  if (mediaType !== PROBLEM_TYPE) throw ServiceFailed(type, `HTTP ${status}`)
  return { outcome: 'faulted', ...HttpProblem.parse(JSON.parse(body)) }
}

/**
 * Requests over connections that are kept. Not the global fetch: it takes three times the CPU of this agent.
 * @example
 * const { lane } = createHttpLane({ urlOf: (service) => urls[service], token: createServiceTokens(identity) })
 */
export const createHttpLane = ({ urlOf, token }: HttpLaneOptions): HttpLane => {
  const kept = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16 }
  const plain = { agent: new http.Agent(kept), send: http.request }
  const encrypted = { agent: new https.Agent(kept), send: https.request }

  const post = (url: URL, bearer: string, body: string, type: string, signal: AbortSignal): Promise<ReplyData> =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(failureOf(type, error))
      const { agent, send } = url.protocol === 'https:' ? encrypted : plain
      const outgoing = send(
        url,
        {
          agent,
          method: 'POST',
          signal,
          headers: {
            authorization: `Bearer ${bearer}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        (answer) => {
          const chunks: Buffer[] = []
          let bytes = 0
          answer.on('error', fail)
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes > MAX_ANSWER_BYTES) answer.destroy(new Error('The answer is too large.'))
            else chunks.push(chunk)
          })
          answer.on('end', () => {
            try {
              const text = Buffer.concat(chunks).toString()
              resolve(replyOf(type, answer.statusCode ?? 0, answer.headers['content-type'], text))
            } catch (error) {
              reject(error)
            }
          })
        },
      )
      outgoing.on('error', fail)
      outgoing.on('socket', (socket) => {
        if (!socket.connecting) return
        const timer = setTimeout(
          () => outgoing.destroy(Object.assign(new Error('No connection'), { code: 'CONNECT_TIMEOUT' })),
          CONNECT_MS,
        )
        const connected = (): void => clearTimeout(timer)
        socket.once('connect', connected).once('close', connected)
      })
      outgoing.end(body)
    })

  return {
    reaches: (service) => urlOf(service) !== undefined,
    lane: async (service, request, signal) => {
      const { type } = request
      const base = urlOf(service)
      if (base === undefined) throw ServiceFailed(type, `no internal listener of "${service}" is known`)
      const bearer = await token(service)
      return post(new URL(`${MESSAGES_PATH}/${type}`, base), bearer, bodyOf(request), type, signal)
    },
    close: () => {
      plain.agent.destroy()
      encrypted.agent.destroy()
    },
  }
}

const bodyOf = ({ id, idempotencyKey, deadline, origin, data }: IncomingRequest): string =>
  JSON.stringify({
    id,
    idempotencyKey,
    deadline,
    correlationId: origin.correlationId,
    traceparent: origin.traceparent,
    data,
  })
