import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { domainError } from '#domain/kernel/errors.ts'
import { z } from 'zod'

/** The cursor is not ours, is of an older form, or belongs to a list with other filters. */
export const InvalidCursor = domainError(
  'INVALID_CURSOR',
  'invalid',
  () => 'This cursor does not belong to this list. Start again without one.',
  () => ({ fields: [{ pointer: '/cursor', detail: 'It was not given out for these filters.' }] }),
)

/** The last item of a page: the value it is sorted by, and its id where that value is the same for several. */
export interface CursorPosition {
  readonly sort: string | number | null
  readonly id: string
}

export interface Cursors {
  /** @param filterHash of `filterHash(filters)`: the list that the cursor belongs to */
  encode(position: CursorPosition & { readonly filterHash: string }): string
  /** Throws `InvalidCursor`. */
  decode(cursor: string, filterHash: string): CursorPosition
}

const FORM = 1
const MAC_BYTES = 16

const Payload = z.tuple([z.literal(FORM), z.union([z.string(), z.number(), z.null()]), z.string(), z.string()])

/**
 * A short hash of everything that makes a list another list: filters and sort, not cursor and limit. The order of the
 * fields and undefined ones make no difference.
 */
export const filterHash = (filters: Readonly<Record<string, unknown>>): string => {
  const present = Object.entries(filters).filter(([, value]) => value !== undefined)
  const canonical = JSON.stringify(present.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 16)
}

const parsePayload = (text: string): z.infer<typeof Payload> | undefined => {
  try {
    return Payload.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
  } catch {
    return undefined
  }
}

/**
 * Keyset cursors that callers can neither read a meaning into nor make: versioned and signed with HMAC-SHA256.
 * @param secret of at least 32 characters; the same in every process of a service
 *
 * @example
 * const cursors = createCursors(config.cursorSecret)
 * const hash = filterHash({ subject, sort })
 * const after = input.cursor === undefined ? undefined : cursors.decode(input.cursor, hash)
 * const nextCursor = more ? cursors.encode({ sort: last.title, id: last.id, filterHash: hash }) : undefined
 */
export const createCursors = (secret: string): Cursors => {
  if (secret.length < 32) throw new Error('The cursor secret is too short. help: give 32 random characters or more.')
  const key = createSecretKey(secret, 'utf8')
  const macOf = (payload: string): Buffer =>
    createHmac('sha256', key).update('cursor:').update(payload).digest().subarray(0, MAC_BYTES)

  return {
    encode: ({ sort, id, filterHash: hash }) => {
      const payload = Buffer.from(JSON.stringify([FORM, sort, id, hash])).toString('base64url')
      return `${payload}.${macOf(payload).toString('base64url')}`
    },
    decode: (cursor, hash) => {
      const [payload = '', mac = '', ...more] = cursor.split('.')
      const given = Buffer.from(mac, 'base64url')
      const isOurs = given.length === MAC_BYTES && more.length === 0 && timingSafeEqual(given, macOf(payload))
      const [, sort, id, of] = (isOurs ? parsePayload(payload) : undefined) ?? []
      if (sort === undefined || id === undefined || of !== hash) throw InvalidCursor()
      return { sort, id }
    },
  }
}
