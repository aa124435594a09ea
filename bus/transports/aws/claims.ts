import { z } from 'zod'
import { decodeEnvelope, encodeEnvelope, Envelope } from '../../envelope.ts'
import type { AwsClients } from './clients.ts'

/** A body up to this goes through the queues as it is: EventBridge takes 256 KB, of which the rest of an entry is a part. */
const MAX_INLINE_BYTES = 240 * 1024

/** An envelope whose data lies in the claims bucket (the CloudEvents extension `dataref`). */
const Claim = Envelope.omit({ data: true }).extend({ dataref: z.string() })

/** The claim check: data too large for a queue waits in a bucket, and a small envelope refers to it. */
export interface Claims {
  /** The body to send in place of this one, which is stored when it is too large. */
  deposit(body: string): Promise<string>
  /** The body that was deposited; any other comes back as it is. */
  redeem(body: string): Promise<string>
}

/** Claims in a bucket of their own, whose objects outlive every queue. */
export const createClaims = (clients: AwsClients, bucket: string): Claims => {
  const referenceOf = (id: string): string => `s3://${bucket}/${id}`

  return {
    deposit: async (body) => {
      if (Buffer.byteLength(body) <= MAX_INLINE_BYTES) return body
      const { data, ...attributes } = decodeEnvelope(body)
      const objects = await clients.objects()
      await objects.putObject({
        Bucket: bucket,
        Key: attributes.id,
        Body: JSON.stringify(data),
        ContentType: 'application/json',
      })
      return JSON.stringify({ ...attributes, dataref: referenceOf(attributes.id) })
    },
    redeem: async (body) => {
      // Only what could be a claim is parsed here; the dispatcher parses every body.
      if (!body.includes('"dataref"')) return body
      const claim = Claim.safeParse(JSON.parse(body))
      if (!claim.success) return body
      const { dataref, ...attributes } = claim.data
      // A forged claim must not make this service read what its sender could not.
      if (dataref !== referenceOf(attributes.id))
        throw new Error(`The claim of ${attributes.id} refers to "${dataref}", which is not its own.`)
      const objects = await clients.objects()
      const { Body } = await objects.getObject({ Bucket: bucket, Key: attributes.id })
      if (!Body) throw new Error(`The claim of ${attributes.id} was answered without a body.`)
      return encodeEnvelope({ ...attributes, data: JSON.parse(await Body.transformToString()) })
    },
  }
}
