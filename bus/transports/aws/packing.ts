import { z } from 'zod'
import { chunksOf } from './chunks.ts'

/** EventBridge bills an entry by 64 KB begun, so a fuller pack would cost no less. */
const PACK = { count: 20, bytes: 60_000 }

const OPENING = '{"packed":['
const CLOSING = ']}'
/** EventBridge may write the JSON anew, with other spaces. */
const isPack = (body: string): boolean => /^\s*\{\s*"packed"\s*:/.test(body)

const Pack = z.strictObject({ packed: z.array(z.looseObject({ subject: z.string() })) })

/** Splits bodies into what goes into one pack each, the order kept. */
export const packsOf = <T>(items: readonly T[], bodyOf: (item: T) => string): T[][] =>
  chunksOf(items, PACK, (item) => Buffer.byteLength(bodyOf(item)))

/** One body out of several, which stay as they are. */
export const pack = (bodies: readonly string[]): string => `${OPENING}${bodies.join(',')}${CLOSING}`

/** One envelope out of a pack. */
export interface Unpacked {
  /** The key under which order is kept. */
  readonly key: string
  readonly body: string
}

/** The envelopes of a pack in the order packed; undefined for a body that is none. */
export const unpack = (body: string): readonly Unpacked[] | undefined => {
  if (!isPack(body)) return undefined
  return Pack.parse(JSON.parse(body)).packed.map((envelope) => ({
    key: envelope.subject,
    body: JSON.stringify(envelope),
  }))
}
