const FAILURES = 3
const OPEN_MS = 500
const PROBE_MS = 200

/** Stops calling a Redis that fails: for half a second nobody waits for it, then one request tries again. */
export class Breaker {
  #failures = 0
  #blockedUntil = -Infinity

  /** Whether this request may call. While failing, the one that may holds the others off until it knows more. */
  admits(now: number): boolean {
    if (this.#failures < FAILURES) return true
    if (now < this.#blockedUntil) return false
    this.#blockedUntil = now + PROBE_MS
    return true
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(now: number): void {
    this.#failures++
    this.#blockedUntil = now + OPEN_MS
  }
}
