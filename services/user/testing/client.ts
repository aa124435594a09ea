import { z } from 'zod'
import { TokenPair } from '../views.ts'
import type { UserService } from './user-service.ts'

interface Call {
  readonly token?: string
  readonly body?: object
  readonly headers?: Record<string, string>
}

/** What a test sees of an answer. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const Mails = z.object({ items: z.array(z.object({ text: z.string() })) })
const Problem = z.object({ code: z.string() })

export const codeOf = ({ body }: Answer): string => Problem.parse(body).code

/** Talks to the service as callers do. */
export const createClient = ({ http, isStored }: Pick<UserService, 'http' | 'isStored'>) => {
  let keys = 0

  const call = async (method: string, path: string, { token, body, headers = {} }: Call = {}): Promise<Answer> => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const response = await http.app.request(path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  const register = (email: string, password = 'correct horse', more: object = {}) =>
    call('POST', '/v1/users', {
      headers: { 'idempotency-key': `key-${++keys}` },
      body: { email, password, displayName: 'Ada', locale: 'en', timezone: 'Europe/London', ...more },
    })

  const login = (email: string, password = 'correct horse') =>
    call('POST', '/v1/auth/login', { body: { email, password } })

  const refresh = (refreshToken: string) => call('POST', '/v1/auth/refresh', { body: { refreshToken } })

  const tokensOf = async (answer: Promise<Answer>): Promise<TokenPair> => TokenPair.parse((await answer).body)

  const mailsTo = async (email: string): Promise<string[]> =>
    Mails.parse((await call('GET', `/dev/mailbox?to=${encodeURIComponent(email)}`)).body).items.map(({ text }) => text)

  /** The newest token that was mailed there; undefined until it is good, which it is a moment after the mail. */
  const mailedToken = async (email: string): Promise<string | undefined> => {
    const token = /ott_[\w-]+~[\w-]+/.exec((await mailsTo(email))[0] ?? '')?.[0]
    return token !== undefined && (await isStored(token)) ? token : undefined
  }

  return { call, register, login, refresh, tokensOf, mailsTo, mailedToken }
}
