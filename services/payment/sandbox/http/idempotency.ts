import { createHash } from 'node:crypto'
import type { StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { Database } from '../database.ts'
import { StripeError } from '../stripe/errors.ts'
import type { Audience } from './authentication.ts'

const Row = z.object({
  endpoint: z.string(),
  parameters: z.string(),
  status: z.number(),
  body: z.string(),
  request_id: z.string(),
})

// Stripe may forget a key once it is a day old; this sandbox always does, so that nobody relies on more.
const retentionMs = 24 * 60 * 60 * 1000

export interface KeyedRequest {
  /** A payer can neither read nor take the keys of the merchant. */
  audience: Audience
  key: string
  /** Method and path. */
  endpoint: string
  /** The form as it was sent. */
  parameters: string
}

export interface StoredAnswer {
  status: number
  body: string
  requestId: string
}

/** The order of the parameters does not matter, their text does. */
const fingerprint = (parameters: string): string =>
  createHash('sha256')
    .update(
      [...new URLSearchParams(parameters)]
        .map((pair) => JSON.stringify(pair))
        .sort()
        .join(),
    )
    .digest('hex')

export const keyInUse = (key: string): StripeError =>
  new StripeError(
    409,
    'invalid_request_error',
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted ' +
      `twice, and the other request is still going through): ${key}. Please try again later.`,
    { code: 'idempotency_key_in_use' },
  )

const keyReused = ({ key, endpoint }: KeyedRequest, first: string): StripeError =>
  new StripeError(
    400,
    'idempotency_error',
    first === endpoint
      ? 'Keys for idempotent requests can only be used with the same parameters they were first used with. Try using ' +
          `a key other than '${key}' if you meant to execute a different request.`
      : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${first}' vs ` +
          `'${endpoint}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  )

/** Remembers the answer of every executed request by its key; used inside the transaction of its effect. */
export class IdempotencyStore {
  readonly #find: StatementSync
  readonly #save: StatementSync
  readonly #now: () => number

  constructor({ connection }: Database, now: () => number) {
    this.#find = connection.prepare(
      'SELECT * FROM idempotency_keys WHERE audience = :audience AND key = :key AND created_at > :oldest',
    )
    this.#save = connection.prepare(`INSERT OR REPLACE INTO idempotency_keys
      (audience, key, endpoint, parameters, status, body, request_id, created_at)
      VALUES (:audience, :key, :endpoint, :parameters, :status, :body, :requestId, :createdAt)`)
    this.#now = now
  }

  /** The answer to replay, or nothing when the key is new. Another request under the same key is an error. */
  find(request: KeyedRequest): StoredAnswer | undefined {
    const { audience, key } = request
    const found = this.#find.get({ audience, key, oldest: this.#now() - retentionMs })
    if (!found) return undefined
    const row = Row.parse(found)
    if (row.endpoint !== request.endpoint || row.parameters !== fingerprint(request.parameters)) {
      throw keyReused(request, row.endpoint)
    }
    return { status: row.status, body: row.body, requestId: row.request_id }
  }

  save(request: KeyedRequest, answer: StoredAnswer): void {
    const { audience, key, endpoint, parameters } = request
    this.#save.run({ audience, key, endpoint, parameters: fingerprint(parameters), ...answer, createdAt: this.#now() })
  }
}
