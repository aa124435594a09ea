import { ClientFailure } from './client-failure.ts'

export type Answer = { status: number; body: unknown }
/**
 * `unanswered`: how often a connection may fail, apart from the platform's own "not now".
 * `conflictPasses`: 409 means that a request with the same Idempotency-Key is in flight, as it does unless said otherwise.
 */
export type Patience = {
  wait: (milliseconds: number) => Promise<unknown>
  unanswered: number
  conflictPasses?: boolean
}

export const maxTries = 6
const maxWaitMs = 120_000
const timeoutMs = 60_000
const passing = new Set([429, 502, 503, 504])

/** Sends a request until it is answered for good, and throws ClientFailure when no try was. */
export async function persistentFetch(url: URL, init: RequestInit, patience: Patience): Promise<Answer> {
  const { wait, unanswered, conflictPasses = true } = patience
  const passes = (status: number) => passing.has(status) || (conflictPasses && status === 409)
  for (let tried = 1; ; tried++) {
    const reply = await attempt(url, init)
    if (reply && !passes(reply.status)) return { status: reply.status, body: parseJson(reply.text) }
    if (!reply && tried >= unanswered) throw nobodyAnswers(url)
    if (tried === maxTries) throw notNow(url, `still answers ${reply?.status} after ${tried} tries`)
    const pauseMs = retryAfterMs(reply?.retryAfter) ?? 250 * 2 ** (tried - 1)
    if (pauseMs > maxWaitMs) throw notNow(url, `asks to wait ${Math.ceil(pauseMs / 1000)} s`)
    await wait(pauseMs)
  }
}

type Reply = { status: number; text: string; retryAfter: string | null }

/** Undefined where no whole answer came: nobody listens, or the connection broke. */
async function attempt(url: URL, init: RequestInit): Promise<Reply | undefined> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') }
  } catch {
    return undefined
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Retry-After is a number of seconds or an HTTP date (RFC 9110). */
function retryAfterMs(value: string | null | undefined): number | undefined {
  if (!value) return undefined
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds)
}

const nobodyAnswers = ({ origin }: URL) =>
  new ClientFailure(`No platform answers at ${origin}. Start it with "npm start", or name its address with --url.`)

const notNow = ({ origin }: URL, what: string) => new ClientFailure(`${origin} ${what}. Try again later.`)
