import { randomUUID } from 'node:crypto'
import { createResponseValidator, type ResponseValidator } from '#services/kit/testing/validate-response.ts'
import type { z } from 'zod'

export interface Call {
  readonly token?: string | undefined
  /** Sent as JSON (PATCH: as a merge patch). */
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The Idempotency-Key; a POST without one gets a new one. */
  readonly key?: string
  readonly ifMatch?: string | undefined
}

/** An answer whose body has been read and, where a document knows it, checked against that document. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body by a schema. */
  as<T>(schema: z.ZodType<T>): T
}

/** A client of the running platform; every documented answer it gets is held against the documents. */
export interface TestClient {
  readonly baseUrl: string
  readonly validator: ResponseValidator
  call(method: string, path: string, call?: Call): Promise<Answer>
  /** The same, and the status must be this one. */
  expect<T>(status: number, schema: z.ZodType<T>, method: string, path: string, call?: Call): Promise<T>
}

const headersOf = (method: string, { token, body, raw, headers, key, ifMatch }: Call): Record<string, string> => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(body === undefined && raw === undefined
    ? {}
    : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
  ...(method === 'POST' || method === 'DELETE' ? { 'idempotency-key': key ?? randomUUID() } : {}),
  ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  ...headers,
})

/** Opens a client; the documents are those of the services that run at `baseUrl`. */
export const createTestClient = async (baseUrl: string, documents: readonly string[]): Promise<TestClient> => {
  const loaded = await Promise.all(
    documents.map(async (path): Promise<unknown> => (await fetch(baseUrl + path)).json()),
  )
  const validator = createResponseValidator(loaded)

  const call: TestClient['call'] = async (method, path, options = {}) => {
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const response = await fetch(baseUrl + path, {
      method,
      headers: headersOf(method, options),
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    const { status, headers } = response
    validator.check({ method, path: new URL(baseUrl + path).pathname, status, headers, body: text })
    return { status, headers, text, as: (schema) => schema.parse(JSON.parse(text)) }
  }

  return {
    baseUrl,
    validator,
    call,
    expect: async (status, schema, method, path, options) => {
      const answer = await call(method, path, options)
      if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
      return schema.parse(answer.text === '' ? undefined : JSON.parse(answer.text))
    },
  }
}
