import { z } from 'zod'

/** The services of the platform, as an envelope's source names them (`edtech.learning`). */
export const SOURCE_PREFIX = 'edtech.'

/**
 * What a message may hold at most, whatever carries it: a relay holds hundreds in memory. A transport whose queues take
 * less keeps the data elsewhere.
 */
export const MAX_ENVELOPE_BYTES = 1024 * 1024

/** One message on the wire: CloudEvents 1.0 JSON with flat lower-case attributes. */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  /** UUIDv7, made when it is written; the inbox key of every consumer. */
  id: z.string(),
  messagekind: z.enum(['event', 'request', 'reply']),
  /** The pattern, e.g. `course.published`; a reply bears the type of its request. */
  type: z.string(),
  source: z.templateLiteral([SOURCE_PREFIX, z.string()]),
  time: z.iso.datetime(),
  /** Id of the aggregate or saga that emitted it: the key under which order is kept. */
  subject: z.string(),
  dataversion: z.int(),
  aggregateversion: z.int().optional(),
  correlationid: z.string(),
  causationid: z.string().optional(),
  traceparent: z.string().optional(),
  /** Requests: the service that gets the reply, and a reference that only it understands. */
  replyto: z.string().optional(),
  replyref: z.string().optional(),
  /** Requests that somebody waits for: a token of the sending service, by which it is known. */
  sendertoken: z.string().optional(),
  /** Requests: past this instant nobody waits for the reply; absent where the sender is durable (a saga). */
  deadline: z.iso.datetime().optional(),
  /** Requests: the same for every retry of one intent. */
  idempotencykey: z.string().optional(),
  /** Events that are redriven: the one consumer (`learning/refundEnds`) that gets it; all of the service when absent. */
  consumer: z.string().optional(),
  data: z.unknown(),
})
export type Envelope = z.infer<typeof Envelope>

/** The only encoder; what it returns is stored in the outbox and never serialised again. */
export const encodeEnvelope = (envelope: Envelope): string => JSON.stringify(envelope)

/** The only decoder. Throws ZodError (or SyntaxError) for anything that is not an envelope. */
export const decodeEnvelope = (text: string): Envelope => Envelope.parse(JSON.parse(text))

/** `learning` for `edtech.learning`. */
export const serviceOf = (envelope: Envelope): string => envelope.source.slice(SOURCE_PREFIX.length)

/** The outcome that a reply carries. */
export const ReplyData = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('replied'), output: z.unknown() }),
  z.object({
    outcome: z.literal('faulted'),
    code: z.string(),
    kind: z.string(),
    detail: z.string(),
    /** When to ask again, from one that has too much to do. */
    retryAfterMs: z.int().optional(),
  }),
])
export type ReplyData = z.infer<typeof ReplyData>
