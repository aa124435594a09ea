import type { MessageDefinition } from '#domain/kernel/message.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import { encodeEnvelope } from '#bus/envelope.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { drawDelayMs } from '../engine/faults.ts'
import type { World } from './world.ts'

/** The user service as far as an erasure goes: it asks until it is answered, sometimes twice, in any order. */
export class Registry {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Has everybody forget a person; settles when they have. */
  async erase(userId: UserId): Promise<void> {
    await Promise.all([
      this.#ask('learning', Learning.EraseUser, userId),
      this.#ask('payment', Payments.EraseUser, userId),
    ])
  }

  async #ask(service: string, { type }: MessageDefinition, userId: UserId): Promise<void> {
    const { scheduler, ids, random } = this.#world
    const id = ids.next('msg')
    const body = encodeEnvelope({
      specversion: '1.0',
      id,
      messagekind: 'request',
      type,
      source: 'edtech.user',
      time: this.#world.now,
      subject: userId,
      dataversion: 1,
      correlationid: userId,
      idempotencykey: `${userId}/${type}`,
      data: { userId },
    })
    for (let isHeard = false; !isHeard; ) {
      await scheduler.sleep(drawDelayMs(random), `${type} arrives`)
      const copies = random.chance(0.2) ? 2 : 1
      const deliver = () => this.#world.host(service).receive({ body, attempt: 1, lastAttempt: false })
      const outcomes = await Promise.allSettled(Array.from({ length: copies }, deliver))
      isHeard = outcomes.some(({ status }) => status === 'fulfilled')
    }
  }
}
