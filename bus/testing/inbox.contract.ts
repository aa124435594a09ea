import { describe, expect, test } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import { type MakeFixture, ORIGIN } from './fixture.ts'
import { sceneOf } from './scene.ts'

/** What every inbox remembers. */
export const inboxContract = (name: string, make: MakeFixture): void => {
  describe(`the inbox on ${name}`, () => {
    const scene = sceneOf(make)

    const receive = async (messageId: string, reply?: string) => {
      const { process, clock } = scene()
      const tx = process.store.begin(clock.now(), ORIGIN)
      tx.receive('tally/counting', messageId, reply)
      await process.store.flush(tx)
    }
    const replyTo = (messageId: string, consumer = 'tally/counting') =>
      scene().process.inbox.storedReply(consumer, messageId)

    test('tells a message that had no reply from one that never came', async () => {
      await receive('msg_1')
      expect(await replyTo('msg_1')).toBeNull()
      expect(await replyTo('msg_2')).toBeUndefined()
      expect(await replyTo('msg_1', 'tally/other')).toBeUndefined()
    })

    test('keeps the bytes of the reply', async () => {
      const reply = '{"outcome": "replied",  "output":{"b":1,"a":"\\u00e9 ’"}}'
      await receive('msg_1', reply)
      expect(await replyTo('msg_1')).toBe(reply)
    })

    test('forgets what came before a given instant', async () => {
      const { process, clock } = scene()
      await receive('msg_1')
      clock.advance(1_000)
      await receive('msg_2')
      expect(await process.inbox.prune(addMs(clock.now(), -1_000))).toBe(0)
      expect(await process.inbox.prune(clock.now())).toBe(1)
      expect(await replyTo('msg_1')).toBeUndefined()
      expect(await replyTo('msg_2')).toBeNull()
    })
  })
}
