import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import { json } from 'node:stream/consumers'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'

const TIMEOUT_MS = 2_000

const KeySet = z.object({
  keys: z.array(z.object({ kty: z.string(), kid: z.string(), n: z.string(), e: z.string() })),
})

/** Reads the key set that an issuer publishes. Not with the global fetch: a function that starts would load it for this alone. */
export const readKeySet = (url: string) => (): Promise<JSONWebKeySet> =>
  new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp
    get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answers ${answer.statusCode}.`))
      json(answer).then(KeySet.parse).then(resolve, reject)
    }).on('error', reject)
  })
