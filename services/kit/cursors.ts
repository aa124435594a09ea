import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { InvalidInput } from '#bus/cqrs/errors.ts'
import { token } from '#bus/cqrs/token.ts'

/** Where a page ends: the sort key of its last row, unique in the list. */
export type Place = readonly string[]

/** Places as opaque text, signed and bound to the list and its filters that they came from. */
export interface CursorCodec {
  /** `list` names the list with its filters; only the same name reads the cursor again. */
  encode(list: string, place: Place): string
  /** Throws `InvalidInput` for any text that was not encoded for this list. */
  decode(list: string, cursor: string): Place
}

/** Bound by the platform for every service. */
export const Cursors = token<CursorCodec>('kit.Cursors')

const VERSION = 1
const Payload = z.tuple([z.literal(VERSION), z.string(), z.array(z.string())])

const refused = () => InvalidInput([{ pointer: '/cursor', detail: 'This is not a cursor of this list.' }])

const parsed = (payload: Buffer) => {
  try {
    return Payload.safeParse(JSON.parse(payload.toString())).data
  } catch {
    return undefined
  }
}

/** @param secret at least 32 random characters, shared by all instances of the service */
export const createCursors = (secret: string): CursorCodec => {
  const sign = (payload: Buffer): Buffer => createHmac('sha256', secret).update(payload).digest().subarray(0, 16)
  const digest = (list: string): string => createHash('sha256').update(list).digest('base64url').slice(0, 16)
  return {
    encode: (list, place) => {
      const payload = Buffer.from(JSON.stringify([VERSION, digest(list), place]))
      return `${payload.toString('base64url')}.${sign(payload).toString('base64url')}`
    },
    decode: (list, cursor) => {
      const [payload, signature] = cursor.split('.').map((part) => Buffer.from(part, 'base64url'))
      if (!payload || signature?.length !== 16 || !timingSafeEqual(sign(payload), signature)) throw refused()
      const [, boundTo, place] = parsed(payload) ?? []
      if (place === undefined || boundTo !== digest(list)) throw refused()
      return place
    },
  }
}

/** The fields that every paged query takes. */
export const pageInput = {
  cursor: z.string().min(1).max(600).optional(),
  limit: z.int().min(1).max(100).default(20),
}

export interface PageRequest {
  readonly list: string
  readonly cursor: string | undefined
  readonly limit: number
}

/**
 * Reads one page: `read` is asked for one row more than the page holds, which tells whether another follows.
 * @example
 * readPage(cursors, { list: `enrollments of ${userId}`, ...input }, ([after], limit) => rows(after, limit), ({ id }) => [id])
 */
export const readPage = async <Row>(
  cursors: CursorCodec,
  { list, cursor, limit }: PageRequest,
  read: (after: Place, limit: number) => Promise<readonly Row[]>,
  placeOf: (last: Row) => Place,
): Promise<{ items: Row[]; nextCursor: string | undefined }> => {
  const rows = await read(cursor === undefined ? [] : cursors.decode(list, cursor), limit + 1)
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last === undefined ? undefined : cursors.encode(list, placeOf(last)) }
}
