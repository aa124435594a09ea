import { describe, expect, test } from 'vitest'
import { addMs } from '#domain/kernel/clock.ts'
import type { ReplySlot } from '../request-reply/sqs-lane/reply-slots.ts'
import { type MakeFixture, SLOTS } from './fixture.ts'
import { sceneOf } from './scene.ts'

const LEASE_MS = 15_000

/** What every store of the leases of reply slots does. */
export const replySlotsContract = (name: string, make: MakeFixture): void => {
  describe(`reply slots on ${name}`, () => {
    const scene = sceneOf(make)
    const now = () => scene().clock.now()
    const until = () => addMs(now(), LEASE_MS)
    const take = async (): Promise<ReplySlot> => {
      const slot = await scene().another().replySlots.take(now(), until())
      if (!slot) throw new Error('No slot was free.')
      return slot
    }

    test('are leased by one instance each, and there are no more of them than were made', async () => {
      const taken = await Promise.all(Array.from({ length: SLOTS }, take))
      expect(new Set(taken.map(({ slot }) => slot))).toEqual(new Set([0, 1]))
      await expect(take()).rejects.toThrow('No slot was free.')
    })

    test('fall to another when their lease is over, in another epoch', async () => {
      const [first, other] = [await take(), await take()]
      scene().clock.advance(LEASE_MS - 1)
      await expect(take()).rejects.toThrow('No slot was free.')
      await scene().process.replySlots.renew(other, until())
      scene().clock.advance(1)
      expect(await take()).toEqual({ slot: first.slot, epoch: first.epoch + 1 })
      await expect(take()).rejects.toThrow('No slot was free.')
    })

    test('are not renewed by who lost them', async () => {
      const lost = await take()
      scene().clock.advance(LEASE_MS)
      const { replySlots } = scene().process
      expect(await replySlots.renew(lost, until())).toBe(true)
      scene().clock.advance(LEASE_MS)
      await take()
      expect(await replySlots.renew(lost, until())).toBe(false)
    })

    test('are free at once when they are given back, by who has them only', async () => {
      const { replySlots } = scene().process
      const [first, other] = [await take(), await take()]
      await replySlots.release({ ...other, epoch: other.epoch - 1 }, now())
      await expect(take()).rejects.toThrow('No slot was free.')
      await replySlots.release(first, now())
      expect(await take()).toEqual({ slot: first.slot, epoch: first.epoch + 1 })
    })
  })
}
