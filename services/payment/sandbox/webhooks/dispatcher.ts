import type { Delivery, DeliveryStore } from './delivery-store.ts'
import { signatureHeader } from './signature.ts'

export interface WebhookEndpoint {
  url: string
  secret: string
  /** First pause after a failed attempt; it doubles up to a minute. */
  retryBaseMs: number
}

const concurrency = 16
const attemptTimeoutMs = 10_000
const longestPauseMs = 60_000
// The clock may be moved by a test, so nothing sleeps longer than this before it looks again.
const longestSleepMs = 1_000

/** Delivers at least once, in no promised order, until the endpoint answers 2xx. */
export class WebhookDispatcher {
  readonly #deliveries: DeliveryStore
  readonly #endpoint: WebhookEndpoint
  readonly #now: () => number
  readonly #closing = new AbortController()
  readonly #inFlight = new Map<number, Promise<void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(deliveries: DeliveryStore, endpoint: WebhookEndpoint, now: () => number) {
    this.#deliveries = deliveries
    this.#endpoint = endpoint
    this.#now = now
  }

  /** Sends what is due, and comes back by itself for the rest. */
  wake(): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    const now = this.#now()
    // The deliveries under way are still pending rows, hence the limit that always leaves room behind them.
    for (const delivery of this.#deliveries.due(now, concurrency * 2)) {
      if (this.#inFlight.size >= concurrency) return
      void this.#start(delivery)
    }
    const next = this.#deliveries.nextDueAfter(now)
    if (next === undefined) return
    this.#timer = setTimeout(() => this.wake(), Math.min(next - now, longestSleepMs))
    this.#timer.unref()
  }

  /** Delivers the events that race the answer of a request, each tried once before this returns. */
  async deliverBeforeAnswer(requestId: string): Promise<void> {
    await Promise.all(this.#deliveries.racing(requestId).map((delivery) => this.#start(delivery)))
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#closing.abort()
    await Promise.all(this.#inFlight.values())
  }

  #start(delivery: Delivery): Promise<void> {
    const running = this.#inFlight.get(delivery.id)
    if (running) return running
    const attempt = this.#attempt(delivery).finally(() => {
      this.#inFlight.delete(delivery.id)
      this.wake()
    })
    this.#inFlight.set(delivery.id, attempt)
    return attempt
  }

  async #attempt({ id, attempts, payload }: Delivery): Promise<void> {
    const accepted = await this.#post(payload)
    // Cut short by our own end: neither delivered nor failed, the next start sends it again.
    if (!accepted && this.#closing.signal.aborted) return
    if (accepted) this.#deliveries.markDelivered(id)
    else this.#deliveries.postpone(id, this.#now() + this.#pauseAfter(attempts))
  }

  #pauseAfter(attempts: number): number {
    return Math.min(this.#endpoint.retryBaseMs * 2 ** Math.min(attempts, 16), longestPauseMs)
  }

  async #post(payload: string): Promise<boolean> {
    try {
      const response = await fetch(this.#endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signatureHeader(payload, this.#endpoint.secret, this.#now()),
          'user-agent': 'Stripe/1.0 (sandbox)',
        },
        body: payload,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(attemptTimeoutMs)]),
      })
      await response.arrayBuffer()
      return response.ok
    } catch {
      // Refused, cut or silent is one thing here: not accepted, to be sent again.
      return false
    }
  }
}
