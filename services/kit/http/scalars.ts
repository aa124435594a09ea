import { Instant } from '#domain/kernel/clock.ts'
import * as ids from '#domain/kernel/ids.ts'
import { Currency, Money } from '#domain/kernel/money.ts'
import { z } from 'zod'

/** Names for schemas of the domain, which itself knows no documents; other schemas keep their own metadata. */
class Scalars extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get<S extends z.core.$ZodType>(schema: S): z.core.$replace<z.core.GlobalMeta, S> | undefined {
    return super.get(schema) ?? z.globalRegistry.get(schema)
  }
}

const SAMPLE_UUID = '019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07'

export const scalars = new Scalars()
  .add(Instant, {
    id: 'Instant',
    description: 'An instant in UTC with milliseconds (RFC 3339).',
    examples: ['2026-11-23T06:12:38.123Z'],
  })
  .add(Currency, { id: 'Currency', description: 'ISO 4217 code.', examples: ['EUR'] })
  .add(Money, {
    id: 'Money',
    description: 'Integer minor units of a currency: 1999 EUR is 19.99 EUR.',
    examples: [{ amount: 1999, currency: 'EUR' }],
  })

/** An id of the prefix that its pattern begins with (`^crs_`); undefined for other patterns. */
export const sampleId = (pattern: string): string | undefined => {
  const prefix = /^\^?([a-z]+)_\(/.exec(pattern)?.[1]
  return prefix === undefined ? undefined : `${prefix}_${SAMPLE_UUID}`
}

for (const [id, schema] of Object.entries(ids)) {
  if (!(schema instanceof z.ZodTemplateLiteral)) continue
  scalars.add(schema, { id, examples: [sampleId(schema._zod.pattern.source)] })
}
