import { describe, expect, test } from 'vitest'
import { decodeEnvelope } from '../../envelope.ts'
import { incoming } from '../../testing/envelopes.ts'
import { createClaims } from './claims.ts'
import { pack } from './packing.ts'
import { createRecordHandler } from './record.ts'
import { createStandIn } from './testing/stand-in.ts'

const bodyOf = (id: string, subject = id, data: unknown = {}): string =>
  incoming({ messagekind: 'event', type: 'tally.ticked', id, subject, data }).body

/** A handler of records that notes the ids taken in; those of `failing` fail unless it is the last attempt. */
const handling = async (failing: readonly string[] = []) => {
  const told: string[] = []
  const { clients } = await createStandIn()
  const handle = createRecordHandler({
    claims: createClaims(clients, 'p-claims'),
    maxAttempts: 3,
    receive: async ({ body, attempt, lastAttempt }) => {
      const { id } = decodeEnvelope(body)
      told.push(`${id} at ${attempt}${lastAttempt ? ', the last' : ''}`)
      if (failing.includes(id) && !lastAttempt) throw new Error(`${id} failed`)
    },
  })
  return { handle, told }
}

test('a record is handed over with its attempt, and with word when that is the last', async () => {
  const { handle, told } = await handling()
  await handle({ body: bodyOf('a'), attempt: 2 })
  await handle({ body: bodyOf('b'), attempt: 3 })
  expect(told).toEqual(['a at 2', 'b at 3, the last'])
})

describe('a pack', () => {
  const packed = pack([bodyOf('a1', 'a'), bodyOf('b1', 'b'), bodyOf('a2', 'a'), bodyOf('b2', 'b')])

  test('is opened, and its facts are handed over in order', async () => {
    const { handle, told } = await handling()
    await handle({ body: packed, attempt: 1 })
    expect(told).toEqual(['a1 at 1', 'b1 at 1', 'a2 at 1', 'b2 at 1'])
  })

  test('is opened as well where the event bus has written its JSON anew', async () => {
    const { handle, told } = await handling()
    await handle({ body: JSON.stringify(JSON.parse(packed), null, 2), attempt: 1 })
    expect(told).toHaveLength(4)
  })

  test('comes again as a whole when a fact fails: what is behind it under its key waits, other keys go on', async () => {
    const { handle, told } = await handling(['a1'])
    await expect(handle({ body: packed, attempt: 1 })).rejects.toThrow('a1 failed')
    expect(told).toEqual(['a1 at 1', 'b1 at 1', 'b2 at 1'])
  })

  test('leaves nothing behind at its last attempt', async () => {
    const { handle, told } = await handling(['a1'])
    await handle({ body: packed, attempt: 3 })
    expect(told).toHaveLength(4)
  })
})

describe('a claim', () => {
  const claimOf = (dataref: string): string => {
    const { data, ...attributes } = decodeEnvelope(bodyOf('a'))
    expect(data).toEqual({})
    return JSON.stringify({ ...attributes, dataref })
  }

  test.each(['s3://p-claims/another', 's3://other-bucket/a', 'https://somewhere/a'])(
    'that refers to %s is not fetched: it is not its own',
    async (dataref) => {
      const { handle, told } = await handling()
      await expect(handle({ body: claimOf(dataref), attempt: 1 })).rejects.toThrow('which is not its own')
      expect(told).toEqual([])
    },
  )

  test('is not what only speaks of one', async () => {
    const { handle, told } = await handling()
    await handle({ body: bodyOf('a', 'a', { dataref: 's3://other-bucket/a' }), attempt: 1 })
    expect(told).toEqual(['a at 1'])
  })
})
