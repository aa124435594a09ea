import { randomInt } from 'node:crypto'
import { SECOND } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { createLru } from '../lru.ts'
import { dropScript, keepScript } from './cache-scripts.ts'
import { type Redis, RedisUnavailable } from './redis.ts'

/** What is kept of one kind of answers. Only what everybody may see: a key does not tell who asks. */
export interface CacheRule<T> {
  readonly service: string
  /** Begins its keys: `user:pub`. */
  readonly kind: string
  readonly schema: z.ZodType<T>
  readonly ttlSeconds: number
}

/** Answers that are read far more often than they change, in Redis, for all processes of a service. */
export interface Cache<T> {
  /**
   * What is kept of `id`, or else what `load` reads, which is kept then; nobody may change it. Undefined, for nothing
   * there, is kept for 30 seconds. Of many who ask at once in a process, one reads. Without Redis everybody reads.
   * @param variant one of several answers about `id` that are dropped together, such as a page of a list
   */
  read(id: string, load: () => Promise<T | undefined>, variant?: string): Promise<T | undefined>
  /** Nothing that was read before now is answered after this. Throws `RedisUnavailable`: it is to be done again. */
  drop(id: string): Promise<void>
}

const NEGATIVE_SECONDS = 30
/** Entries of one moment do not all end in one moment. */
const JITTER = 0.1
const PRECISION = 10_000
const NOTHING = ''

const Replies = z.tuple([z.string().nullable(), z.string().nullable()])

/** Texts that were read last are not read again: they are the same until somebody changes something. */
const REMEMBERED = 1_000

interface Entry<T> {
  readonly generation: string
  readonly hit: { readonly value: T | undefined } | undefined
}

const jittered = (seconds: number, random: () => number): number =>
  Math.round(seconds * SECOND * (1 + JITTER * (2 * random() - 1)))

/**
 * A cache with generations: every entry says of which generation it is, and a drop begins the next one. So a slow reader
 * cannot keep what has changed while it read.
 * @param random for the jitter of ttls; from 0 up to 1
 * @example
 * const profiles = createCache(redis, { service: 'user', kind: 'user:pub', schema: PublicProfile, ttlSeconds: 3_600 })
 * await profiles.read(userId, () => queries.one(userId))
 */
export const createCache = <T>(
  redis: Redis,
  { service, kind, schema, ttlSeconds }: CacheRule<T>,
  random: () => number = () => randomInt(PRECISION) / PRECISION,
): Cache<T> => {
  const flights = new Map<string, Promise<T | undefined>>()
  const remembered = createLru<{ readonly text: string; readonly value: T | undefined }>(REMEMBERED)

  const keysOf = (id: string, variant: string): [value: string, generation: string] => [
    `cache:${service}:${kind}:${id}:${variant}`,
    `cache:${service}:${kind}:${id}`,
  ]

  /** Undefined for what another version of the service has kept in another shape. */
  const hitOf = (key: string, text: string): Entry<T>['hit'] => {
    const known = remembered.get(key)
    if (known?.text === text) return known
    const { success, data: value } = schema.optional().safeParse(text === NOTHING ? undefined : JSON.parse(text))
    if (!success) return undefined
    remembered.set(key, { text, value })
    return { value }
  }

  /** Undefined while Redis is out of reach. */
  const find = async ([key, generationKey]: [string, string]): Promise<Entry<T> | undefined> => {
    try {
      const [kept, current] = Replies.parse(await redis.command('MGET', key, generationKey))
      const generation = current ?? '0'
      if (kept?.startsWith(`${generation} `)) return { generation, hit: hitOf(key, kept.slice(generation.length + 1)) }
      remembered.delete(key)
      return { generation, hit: undefined }
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined
      throw error
    }
  }

  const keep = async (keys: [string, string], generation: string, value: T | undefined): Promise<void> => {
    const text = value === undefined ? NOTHING : JSON.stringify(value)
    const milliseconds = jittered(value === undefined ? NEGATIVE_SECONDS : ttlSeconds, random)
    try {
      await redis.script(keepScript, keys, [generation, `${generation} ${text}`, String(milliseconds)])
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error
    }
  }

  return {
    read: async (id, load, variant = '') => {
      const keys = keysOf(id, variant)
      const entry = await find(keys)
      if (!entry) return load()
      if (entry.hit) return entry.hit.value
      const flight = `${keys[0]} ${entry.generation}`
      const flying = flights.get(flight)
      if (flying) return flying
      const landing = load()
      flights.set(flight, landing)
      try {
        const value = await landing
        await keep(keys, entry.generation, value)
        return value
      } finally {
        flights.delete(flight)
      }
    },
    drop: async (id) => {
      // Longer than any entry of the generation before: one that is forgotten begins at nought again.
      await redis.script(dropScript, keysOf(id, ''), [String(2 * ttlSeconds * SECOND)])
    },
  }
}
