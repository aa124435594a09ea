import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { Unavailable } from '../cqrs/errors.ts'
import { ARRAYS } from './arrays.ts'
import { createGate, type Gate } from './gate.ts'

export interface DatabaseOptions {
  /** `postgres://role:password@host:port/database`; the role owns nothing but its service's schema. */
  readonly url: string
  /** Shown in `pg_stat_activity`. */
  readonly name: string
  /** Connections at most; 8 when not given. */
  readonly connections?: number
  /** How long a statement waits for a free connection before it is refused, in milliseconds; 250 when not given. */
  readonly queueWaitMs?: number
}

/** The connections of one service: drizzle for queries, and raw statements for the flush. */
export interface Database {
  readonly drizzle: PostgresJsDatabase
  /** Runs one prepared statement. Throws `Unavailable` when the server cannot be reached or the queue is full. */
  run(text: string, params: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /**
   * Throws `Unavailable` when the server cannot be reached. One that is busy with all connections of the pool can, as long
   * as some statement ends within its time.
   */
  ping(): Promise<void>
  /** Statements sent since the start; tests assert on differences. */
  statements(): number
  close(): Promise<void>
}

/** `2026-11-23 06:12:38.1+00` as the one form of `Instant`. The sessions run in UTC, so that the text is cut, not counted. */
export const toInstant = (text: string): string => {
  const isUsual = text[10] === ' ' && text.endsWith('+00')
  if (!isUsual) return new Date(text).toISOString()
  const milliseconds = text.slice(20, -3).padEnd(3, '0').slice(0, 3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${milliseconds}Z`
}

/** The server is away, or is not able now to do what it could do at another time. */
const UNAVAILABLE = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '25006', // read-only transaction: a standby that is being promoted
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock timeout
  '57014', // statement timeout
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
])

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** A failure of the server and not of the statement is `Unavailable`: whether the statement ran is not known. */
export const translateFailure = (error: unknown): unknown =>
  UNAVAILABLE.has(codeOf(error)) ? Object.assign(Unavailable('The database'), { cause: error }) : error

const gated = <T>(gate: Gate, send: () => Promise<T>): Promise<T> =>
  gate.run(send).catch((error: unknown) => {
    throw translateFailure(error)
  })

/** The server ends a statement after so long: where none has ended for longer, nothing is heard of it any more. */
const STATEMENT_TIMEOUT_MS = 2_000
const LONGEST_STILL_MS = STATEMENT_TIMEOUT_MS + 1_000

/** Opens the pool; connections are made when they are first needed and again after the server was away. */
export const openDatabase = ({ url, name, connections = 8, queueWaitMs = 250 }: DatabaseOptions): Database => {
  const client = postgres(url, {
    ...ARRAYS,
    max: connections,
    connect_timeout: 2,
    idle_timeout: 60,
    // In seconds, and shorter than anybody waits in line: a server that is back is used at once.
    backoff: (retries) => Math.min(0.02 * 2 ** retries, 0.1),
    onnotice: () => undefined,
    connection: {
      application_name: name,
      TimeZone: 'UTC',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: 1_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  })
  const gate = createGate(connections, queueWaitMs)
  let sent = 0
  // drizzle reaches the client through `unsafe` alone: every query of the service passes the gate here.
  const throughGate = new Proxy(client, {
    get: (target, property, receiver) => {
      if (property !== 'unsafe') return Reflect.get(target, property, receiver)
      return (text: string, params: postgres.ParameterOrJSON<never>[], options: postgres.UnsafeQueryOptions) => {
        sent++
        const send = () => target.unsafe(text, params, options)
        const rows = () => gated(gate, async () => send())
        return {
          values: () => gated(gate, async () => send().values()),
          // oxlint-disable-next-line unicorn/no-thenable -- drizzle awaits the query itself
          then: (done: (value: readonly unknown[]) => unknown, failed: (error: unknown) => unknown) =>
            rows().then(done, failed),
        }
      }
    },
  })
  const orm = drizzle(throughGate)
  withoutWrapping(orm)
  client.options.parsers['1184'] = toInstant
  const run: Database['run'] = (text, params) => {
    sent++
    return gated(gate, async () => client.unsafe(text, [...params].map(asParameter), { prepare: true }))
  }
  return {
    drizzle: orm,
    run,
    ping: async () => {
      const { stillForMs } = gate
      if (stillForMs === undefined) await run('select 1', [])
      else if (stillForMs > LONGEST_STILL_MS) throw Unavailable('The database')
    },
    statements: () => sent,
    close: () => client.end({ timeout: 5 }),
  }
}

/** drizzle would wrap every failure in an error that quotes the parameters, personal data included; ours pass as they are. */
const withoutWrapping = (orm: PostgresJsDatabase): void => {
  const { session } = orm._
  const prepareQuery = session.prepareQuery.bind(session)
  const queryWithCache = (_text: string, _params: unknown, send: () => Promise<unknown>) => send()
  session.prepareQuery = (...query) => Object.assign(prepareQuery(...query), { queryWithCache })
}

type Parameter = string | number | boolean | null | readonly string[] | readonly number[]

const isParameter = (value: unknown): value is Parameter =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number'))

const asParameter = (value: unknown): Parameter => {
  const parameter = value ?? null
  if (!isParameter(parameter)) throw new TypeError(`A ${typeof value} cannot be a parameter of a statement.`)
  return parameter
}
