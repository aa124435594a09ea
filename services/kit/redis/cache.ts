import { randomInt } from 'node:crypto'
import { SECOND } from '#domain/kernel/clock.ts'
import { z } from 'zod'
import { dropScript, keepScript } from './cache-scripts.ts'
import { type Redis, RedisUnavailable } from './redis.ts'

/** What is kept of one kind of answers. Only what everybody may see: a key does not tell who asks. */
export interface CacheRule<T> {
  /** Begins its keys: `user:pub`. Another shape of the value needs another kind. */
  readonly kind: string
  readonly schema: z.ZodType<T>
  readonly ttlSeconds: number
}

/** Answers that are read far more often than they change, in Redis, for all processes of a service. */
export interface Cache {
  /**
   * What is kept of `id`, or else what `load` reads, which is kept then. Undefined, for nothing there, is kept for 30
   * seconds. Of many who ask at once in a process, one reads. Without Redis everybody reads.
   * @param variant one of several answers about `id` that are dropped together, such as a page of a list
   */
  read<T>(rule: CacheRule<T>, id: string, load: () => Promise<T | undefined>, variant?: string): Promise<T | undefined>
  /** Nothing that was read before now is answered after this. Throws `RedisUnavailable`: it is to be done again. */
  drop(rule: Pick<CacheRule<unknown>, 'kind' | 'ttlSeconds'>, id: string): Promise<void>
}

const NEGATIVE_SECONDS = 30
/** Entries of one moment do not all end in one moment. */
const JITTER = 0.1
const PRECISION = 10_000
const NOTHING = ''

const Replies = z.tuple([z.string().nullable(), z.string().nullable()])

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
 * const cache = createCache(redis, 'user')
 * await cache.read(PUBLIC_PROFILE, userId, () => profiles.one(userId))
 */
export const createCache = (
  redis: Redis,
  service: string,
  random: () => number = () => randomInt(PRECISION) / PRECISION,
): Cache => {
  const flights = new Map<string, Promise<unknown>>()

  const keysOf = (kind: string, id: string, variant: string): [value: string, generation: string] => [
    `cache:${service}:${kind}:${id}:${variant}`,
    `cache:${service}:${kind}:${id}`,
  ]

  /** Undefined while Redis is out of reach. */
  const find = async <T>(
    schema: z.ZodType<T>,
    [value, generation]: [string, string],
  ): Promise<Entry<T> | undefined> => {
    try {
      const [kept, current] = Replies.parse(await redis.command('MGET', value, generation))
      const now = current ?? '0'
      const [of, text] = kept === null ? [] : [kept.slice(0, kept.indexOf(' ')), kept.slice(kept.indexOf(' ') + 1)]
      if (of !== now || text === undefined) return { generation: now, hit: undefined }
      return { generation: now, hit: { value: text === NOTHING ? undefined : schema.parse(JSON.parse(text)) } }
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined
      throw error
    }
  }

  const keep = async (keys: [string, string], generation: string, value: unknown, seconds: number): Promise<void> => {
    const text = value === undefined ? NOTHING : JSON.stringify(value)
    try {
      await redis.script(keepScript, keys, [generation, `${generation} ${text}`, String(jittered(seconds, random))])
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error
    }
  }

  return {
    read: async <T>(
      { kind, schema, ttlSeconds }: CacheRule<T>,
      id: string,
      load: () => Promise<T | undefined>,
      variant = '',
    ): Promise<T | undefined> => {
      const keys = keysOf(kind, id, variant)
      const entry = await find(schema, keys)
      if (!entry) return load()
      if (entry.hit) return entry.hit.value
      const flight = `${keys[0]} ${entry.generation}`
      const flying = flights.get(flight)
      if (flying) return schema.optional().parse(await flying)
      const landing = load()
      flights.set(flight, landing)
      try {
        const value = await landing
        await keep(keys, entry.generation, value, value === undefined ? NEGATIVE_SECONDS : ttlSeconds)
        return value
      } finally {
        flights.delete(flight)
      }
    },
    drop: async ({ kind, ttlSeconds }, id) => {
      // Longer than any entry of the generation before: one that is forgotten begins at nought again.
      await redis.script(dropScript, keysOf(kind, id, ''), [String(2 * ttlSeconds * SECOND)])
    },
  }
}
