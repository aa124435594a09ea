import { Unavailable } from '#bus/cqrs/errors.ts'
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { limitConcurrency } from './concurrency-limit.ts'
import { type Argon2Cost, formatPasswordHash, parsePasswordHash } from './password-hash.ts'

/** OWASP's minimum for Argon2id: 19 MiB and about 50 ms of a core. */
const recommendedCost: Argon2Cost = { memory: 19_456, passes: 2, parallelism: 1 }

const SALT_BYTES = 16
const TAG_BYTES = 32

export interface PasswordsOptions {
  readonly cost?: Argon2Cost
  /** Hashes at once; 2 by default, half of Node's thread pool. */
  readonly concurrency?: number
  /** Callers that may wait; 64 by default, two to three seconds of work. */
  readonly waiting?: number
}

export interface PasswordVerdict {
  readonly matches: boolean
  /** True when it matches and was hashed at another cost than today's: store `hash(password)` again. */
  readonly rehash: boolean
}

/** Password hashes in the PHC string form. Every call throws `Unavailable` when too many wait already. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(password: string, stored: string): Promise<PasswordVerdict>
  /** Takes as long as `verify` and matches nothing: for logins of users that do not exist. */
  verifyUnknown(password: string): Promise<PasswordVerdict>
}

const derive = promisify(argon2)
const noMatch: PasswordVerdict = { matches: false, rehash: false }

/** Hashes and verifies passwords with Argon2id; composed and decomposed characters count as the same. */
export const createPasswords = (options: PasswordsOptions = {}): Passwords => {
  const { cost = recommendedCost, concurrency = 2, waiting = 64 } = options
  const limited = limitConcurrency({ running: concurrency, waiting, refusal: () => Unavailable('Signing in') })

  const tagOf = (password: string, { memory, passes, parallelism }: Argon2Cost, nonce: Buffer, tagLength: number) =>
    limited(() =>
      derive('argon2id', { message: password.normalize('NFC'), nonce, memory, passes, parallelism, tagLength }),
    )

  const isCurrent = (hash: Argon2Cost & { readonly tag: Buffer }): boolean =>
    hash.memory === cost.memory &&
    hash.passes === cost.passes &&
    hash.parallelism === cost.parallelism &&
    hash.tag.length === TAG_BYTES

  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES)
      return formatPasswordHash({ ...cost, salt, tag: await tagOf(password, cost, salt, TAG_BYTES) })
    },
    verify: async (password, stored) => {
      const hash = parsePasswordHash(stored)
      const matches = timingSafeEqual(await tagOf(password, hash, hash.salt, hash.tag.length), hash.tag)
      return matches ? { matches, rehash: !isCurrent(hash) } : noMatch
    },
    verifyUnknown: async (password) => {
      await tagOf(password, cost, randomBytes(SALT_BYTES), TAG_BYTES)
      return noMatch
    },
  }
}
