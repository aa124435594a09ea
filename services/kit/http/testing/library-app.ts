import type { Command, Query } from '#bus/cqrs/definitions.ts'
import { type Actor, anonymous } from '#bus/cqrs/actor.ts'
import type { Buses } from '#bus/cqrs/buses.ts'
import { invalidInput, Unauthenticated } from '#bus/cqrs/errors.ts'
import type { CallContext } from '#bus/cqrs/pipeline.ts'
import { createHttpApp, type HttpApp, type HttpAppOptions } from '../app.ts'
import { libraryRoutes } from './library.ts'

export const BOOK_ID = 'crs_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07'
export const BOOK = {
  bookId: BOOK_ID,
  title: 'Emma',
  price: { amount: 1999, currency: 'EUR' },
  publishedAt: '2026-11-23T06:12:38.123Z',
  version: 3,
} as const

const librarian: Actor = {
  kind: 'user',
  userId: 'usr_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07',
  sessionId: 'ses_1',
  roles: ['tutor'],
  scopes: new Set(['books:write']),
  emailVerified: true,
}

/** `Bearer librarian` may write, `Bearer reader` may not; other tokens are wrong. */
const authenticate: HttpAppOptions['authenticate'] = async (headers) => {
  const authorization = headers.get('authorization')
  if (authorization === null) return anonymous
  if (authorization === 'Bearer librarian') return librarian
  if (authorization === 'Bearer reader') return { ...librarian, scopes: new Set() }
  throw Unauthenticated()
}

export const AS_LIBRARIAN = { authorization: 'Bearer librarian' }

/** What the stub behind the HTTP layer was called with. */
export interface Call {
  readonly type: string
  readonly input: unknown
  readonly call: CallContext
}

export type Answers = Readonly<Record<string, (call: Call) => unknown>>

const defaultAnswers: Answers = {
  'library.get_book': () => BOOK,
  'library.list_books': () => ({ items: [BOOK], nextCursor: 'next.page' }),
  'library.add_book': () => ({ ...BOOK, version: 1 }),
  'library.rename_book': () => ({ ...BOOK, version: 4 }),
  'library.remove_book': () => undefined,
  'library.lend_book': () => ({ status: 'QUEUED', place: 1, ahead: [], secret: 'x' }),
}

export interface Library {
  readonly http: HttpApp
  readonly calls: readonly Call[]
  readonly logs: readonly { readonly level: string; readonly fields: object; readonly message: string }[]
  request(path: string, init?: RequestInit): Promise<Response>
}

/** The library's HTTP app over buses that validate as the pipeline does and answer from a table. */
export const createLibrary = (answers: Answers = {}, options: Partial<HttpAppOptions> = {}): Library => {
  const calls: Call[] = []
  const logs: Library['logs'][number][] = []
  const log = (level: string) => (fields: object, message: string) => void logs.push({ level, fields, message })
  const answer = async ({ type, input: schema }: Command | Query, raw: unknown, call: CallContext) => {
    const { data: input, error } = schema.safeParse(raw)
    if (error) throw invalidInput(error)
    calls.push({ type, input, call })
    const output = { ...defaultAnswers, ...answers }[type]?.({ type, input, call })
    return { output, replayed: call.idempotencyKey === 'replayed-key' }
  }
  const buses: Buses = { execute: answer, ask: answer, definitions: [] }
  const http = createHttpApp({
    service: 'library',
    title: 'Library',
    version: '1.0.0',
    routes: libraryRoutes,
    buses,
    resolve: ({ name }) => {
      throw new Error(`Nothing is bound to ${name}.`)
    },
    authenticate,
    logger: { info: log('info'), warn: log('warn'), error: log('error') },
    ...options,
  })
  return { http, calls, logs, request: async (path, init) => http.app.request(path, init) }
}
