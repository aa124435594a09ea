import { wrongType } from './errors.ts'

export type Hash = Map<string, string>
export type Value = string | Hash

interface Entry {
  value: Value
  expiresAtMs: number | undefined
}

/** How many keys with a ttl are looked at per command and per ttl set; two per new one keeps dead keys below live ones. */
const SWEEP_KEYS = 2

/**
 * The keys of one engine. A key past its time is removed when it is touched, and by a cursor that walks the keys with
 * a ttl a few steps per command. Time stands still while one command or script runs, as in Redis.
 */
export class Keyspace {
  nowMs = 0
  readonly #entries = new Map<string, Entry>()
  readonly #expiring = new Set<string>()
  #cursor: Iterator<string> = this.#expiring.values()

  beginAt(nowMs: number): void {
    this.nowMs = nowMs
    this.#sweep()
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    return this.#live(key)?.value
  }

  /** Throws WRONGTYPE when the key holds a hash. */
  getString(key: string): string | undefined {
    const value = this.get(key)
    if (value === undefined || typeof value === 'string') return value
    throw wrongType()
  }

  /** Throws WRONGTYPE when the key holds a string. */
  getHash(key: string): Hash | undefined {
    const value = this.get(key)
    if (typeof value === 'string') throw wrongType()
    return value
  }

  /** Stores a value under a key; the ttl that it may have had stays. */
  put(key: string, value: Value): void {
    const entry = this.#live(key)
    if (entry) entry.value = value
    else this.#entries.set(key, { value, expiresAtMs: undefined })
  }

  /** When the key expires; undefined when it never does or does not exist. */
  expiresAtMs(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs
  }

  /** Sets or (undefined) removes the ttl of an existing key. */
  expireAt(key: string, expiresAtMs: number | undefined): void {
    const entry = this.#live(key)
    if (!entry) return
    entry.expiresAtMs = expiresAtMs
    if (expiresAtMs === undefined) {
      this.#expiring.delete(key)
      return
    }
    this.#expiring.add(key)
    this.#sweep()
  }

  delete(key: string): boolean {
    const existed = this.#live(key) !== undefined
    this.#remove(key)
    return existed
  }

  clear(): void {
    this.#entries.clear()
    this.#expiring.clear()
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.expiresAtMs === undefined || entry.expiresAtMs >= this.nowMs) return entry
    this.#remove(key)
    return undefined
  }

  #remove(key: string): void {
    this.#entries.delete(key)
    this.#expiring.delete(key)
  }

  #sweep(): void {
    for (let step = 0; step < SWEEP_KEYS; step++) {
      const next = this.#cursor.next()
      if (next.done) {
        this.#cursor = this.#expiring.values()
        return
      }
      this.#live(next.value)
    }
  }
}
