/** A map that forgets what was not used for the longest time when it is full. */
export interface Lru<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
}

export const createLru = <V>(capacity: number): Lru<V> => {
  // A Map iterates in the order of insertion: the first entry is the one that was used least recently.
  const entries = new Map<string, V>()
  const touch = (key: string, value: V) => {
    entries.delete(key)
    entries.set(key, value)
  }
  return {
    get: (key) => {
      const value = entries.get(key)
      if (value !== undefined) touch(key, value)
      return value
    },
    set: (key, value) => {
      touch(key, value)
      const oldest = entries.size > capacity ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
    },
    delete: (key) => {
      entries.delete(key)
    },
  }
}
