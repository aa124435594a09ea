import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'

const TIMEOUT_MS = 2_000

const KeySet = z.object({
  keys: z.array(z.object({ kty: z.string(), kid: z.string(), n: z.string(), e: z.string() })),
})

/** Reads the key set that an issuer publishes. */
export const readKeySet = (url: string) => async (): Promise<JSONWebKeySet> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`)
  return KeySet.parse(await answer.json())
}
