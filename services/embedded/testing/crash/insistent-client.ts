import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

/** Somebody with a password; signed in when it is first needed. */
export interface Account {
  readonly email: string
  readonly password: string
}

export interface InsistentCall {
  readonly as?: Account
  readonly body?: object
  /** The Idempotency-Key of a POST, the same over all tries; a new one for each call by default. */
  readonly key?: string
  readonly ifMatch?: string
}

export interface FinalAnswer {
  readonly status: number
  readonly text: string
  as<T>(schema: z.ZodType<T>): T
}

/** A client as its documentation asks for: it tries again, with the same key, until it knows the outcome. */
export interface InsistentClient {
  call(method: string, path: string, call?: InsistentCall): Promise<FinalAnswer>
  /** The same, and the status must be this one. */
  expect(status: number, method: string, path: string, call?: InsistentCall): Promise<FinalAnswer>
}

const PATIENCE_MS = 60_000
const Tokens = z.object({ accessToken: z.string() })
const Problem = z.object({ code: z.string() })

/** The platform says that it does not know, or not yet. */
const isUndecided = (status: number, text: string): boolean =>
  status === 503 || status === 429 || (status === 409 && Problem.parse(JSON.parse(text)).code === 'REQUEST_IN_FLIGHT')

export const createInsistentClient = (baseUrl: string): InsistentClient => {
  const tokens = new Map<Account, string>()

  const send = async (method: string, path: string, call: InsistentCall, key: string): Promise<Response> => {
    const token = call.as && tokens.get(call.as)
    return fetch(baseUrl + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(call.body && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': key }),
        ...(call.ifMatch !== undefined && { 'if-match': call.ifMatch }),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(10_000),
    })
  }

  /** Undefined while the outcome is not known: nobody there, cut off, or asked to come again. */
  const attempt = async (...args: Parameters<typeof send>): Promise<FinalAnswer | undefined> => {
    try {
      const response = await send(...args)
      const text = await response.text()
      if (isUndecided(response.status, text)) return undefined
      return { status: response.status, text, as: (schema) => schema.parse(JSON.parse(text)) }
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return undefined
      throw error
    }
  }

  const signIn = async (account: Account): Promise<void> => {
    const { email, password } = account
    const answer = await client.expect(200, 'POST', '/v1/auth/login', { body: { email, password } })
    tokens.set(account, answer.as(Tokens).accessToken)
  }

  const client: InsistentClient = {
    call: async (method, path, call = {}) => {
      const { as: account, key = randomUUID() } = call
      const endMs = performance.now() + PATIENCE_MS
      while (performance.now() < endMs) {
        if (account && !tokens.has(account)) await signIn(account)
        const answer = await attempt(method, path, call, key)
        if (answer && (answer.status !== 401 || !account)) return answer
        if (answer && account) tokens.delete(account)
        await pause(25)
      }
      throw new Error(`${method} ${path}: no answer within ${PATIENCE_MS} ms`)
    },
    expect: async (status, method, path, call) => {
      const answer = await client.call(method, path, call)
      if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
      return answer
    },
  }
  return client
}
