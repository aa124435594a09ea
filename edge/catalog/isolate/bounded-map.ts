/** Keeps what was set last within a budget of characters: an isolate has little memory and no other limit. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, { value: V; size: number }>()
  readonly #budget: number
  #used = 0

  constructor(budget: number) {
    this.#budget = budget
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  set(key: string, value: V, size: number): void {
    this.#drop(key)
    this.#entries.set(key, { value, size: size + key.length })
    this.#used += size + key.length
    for (const oldest of this.#entries.keys()) {
      if (this.#used <= this.#budget) break
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    this.#used -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }
}
