import { type ParameterProblem, Problem } from '../http/problem.ts'
import type { Position } from '../search/sorting.ts'
import { fromBase64url, toBase64url } from './base64url.ts'

const VERSION = 1

type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Positions as opaque text, signed and bound to the filter and sort (`scope`) of the list they came from. */
export class Cursors {
  readonly #secret: string
  #key: SigningKey | undefined

  constructor(secret: string) {
    this.#secret = secret
  }

  async encode({ key, id }: Position, scope: string): Promise<string> {
    const payload = utf8.encode(JSON.stringify([VERSION, await digest(scope), key, id]))
    const signature = await crypto.subtle.sign('HMAC', await this.#signingKey(), payload)
    return `${toBase64url(payload)}.${toBase64url(new Uint8Array(signature))}`
  }

  async decode(cursor: string, scope: string): Promise<Position> {
    const [payload, signature] = cursor.split('.').map(fromBase64url)
    if (!payload || !signature || !(await crypto.subtle.verify('HMAC', await this.#signingKey(), signature, payload))) {
      throw refused('Is not a cursor of this catalog.')
    }
    const [version, boundTo, key, id]: unknown[] = JSON.parse(new TextDecoder().decode(payload))
    if (version !== VERSION || !isKey(key) || typeof id !== 'string') throw refused('Is of another version.')
    if (boundTo !== (await digest(scope))) throw refused('Belongs to a list with other filters or another sort.')
    return { key, id }
  }

  async #signingKey(): Promise<SigningKey> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    this.#key ??= await crypto.subtle.importKey('raw', utf8.encode(this.#secret), algorithm, false, ['sign', 'verify'])
    return this.#key
  }
}

const utf8 = new TextEncoder()

async function digest(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text)))).slice(0, 16)
}

const isKey = (value: unknown): value is Position['key'] =>
  Array.isArray(value) && value.every((part) => typeof part === 'string' || typeof part === 'number')

function refused(detail: string): Problem {
  const errors: ParameterProblem[] = [{ parameter: 'cursor', detail }]
  return new Problem(400, 'INVALID_CURSOR', 'The cursor cannot be used here.', { errors })
}
