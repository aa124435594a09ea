import { Unavailable } from '#bus/cqrs/errors.ts'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { splitToken } from './token-parts.ts'
import { createVerifier, type VerifiedToken, type Verifier, type VerifierOptions } from './verifier.ts'

export interface RemoteVerifierOptions extends Omit<VerifierOptions, 'jwks'> {
  /** Reads the issuer's key set. */
  readonly load: () => Promise<JSONWebKeySet>
  /** Milliseconds of a clock that does not go backwards; `performance.now` by default. */
  readonly now?: () => number
}

/** An unknown key id makes the set be read again at most this often: a forger must not make us ask for every token. */
const RELOAD_MS = 60_000

const Header = z.object({ kid: z.string() })

interface Keys {
  readonly kids: ReadonlySet<string | undefined>
  readonly verify: Verifier
}

/**
 * Verifies access tokens by the keys of an issuer in another process. They are read when the first token comes, and
 * again for a key id that is not among them, so that the issuer can change its key.
 * Throws `Unauthenticated`, or `Unavailable` as long as the keys have never been read.
 */
export const createRemoteVerifier = (options: RemoteVerifierOptions): ((token: string) => Promise<VerifiedToken>) => {
  const { load, now = () => performance.now(), ...verification } = options
  let keys: Keys | undefined
  let askedMs = Number.NEGATIVE_INFINITY
  let loading: Promise<Keys> | undefined

  const read = async (): Promise<Keys> => {
    askedMs = now()
    const jwks = await load()
    keys = { kids: new Set(jwks.keys.map(({ kid }) => kid)), verify: createVerifier({ ...verification, jwks }) }
    return keys
  }
  const reload = (): Promise<Keys> =>
    (loading ??= read().finally(() => {
      loading = undefined
    }))

  const keysFor = async (token: string): Promise<Keys> => {
    if (!keys)
      return reload().catch((error: unknown) => {
        throw Object.assign(Unavailable('The key set of the token issuer'), { cause: error })
      })
    const header = Header.safeParse(splitToken(token)?.header)
    const isKnown = !header.success || keys.kids.has(header.data.kid)
    if (isKnown || now() - askedMs < RELOAD_MS) return keys
    const before = keys
    return reload().catch(() => before)
  }

  return async (token) => (await keysFor(token)).verify(token)
}
