import { afterEach, describe, expect, test } from 'vitest'
import { addMs, systemClock } from '#domain/kernel/clock.ts'
import { domainError } from '#domain/kernel/errors.ts'
import { Payments } from '../patterns/payment.ts'
import { createTestIds } from '../testing/ids.ts'
import {
  createRequester,
  type Lane,
  OutcomeUnknown,
  type RequestOptions,
  type Respond,
  ServiceFailed,
} from './requester.ts'
import { ASKED, type Behaviour, createCashier, MISSING, REFUND, STATUS } from './testing/cashier.ts'

/** A lane from the service `learning` to a `payment` that answers by `respond`. */
export interface OpenLane {
  readonly lane: Lane
  close(): Promise<void>
}

export interface LaneUnderTest {
  readonly name: string
  open(respond: Respond): Promise<OpenLane>
}

const ORIGIN = { correlationId: 'cor_1' }
const Surprise = domainError('SURPRISE', 'conflict', () => 'No contract knows this.')

/** What every lane must do: one contract, whichever way a request takes. */
export const laneConformance = ({ name, open }: LaneUnderTest): void => {
  describe(`the lane ${name}`, () => {
    const opened: OpenLane[] = []
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((lane) => lane.close()))
    })

    const asking = async (behaviour: Partial<Behaviour> = {}) => {
      const cashier = createCashier(behaviour)
      const lane = await open(cashier.dispatcher.respond)
      opened.push(lane)
      const parts = { service: 'learning', lane: lane.lane, clock: systemClock, ids: createTestIds() }
      const { request } = createRequester(parts)
      return {
        told: cashier.told,
        lane: lane.lane,
        request,
        ask: (options: Partial<RequestOptions> = {}) =>
          request(Payments.GetPaymentStatus, ASKED, { origin: ORIGIN, ...options }),
        refund: (options: Partial<RequestOptions> = {}) =>
          request(Payments.RefundPayment, REFUND, { origin: ORIGIN, ...options }),
      }
    }

    test('brings a request with its sender and its origin, and the answer back', async () => {
      const seen: unknown[] = []
      const { ask } = await asking({ status: ({ from, tx }) => void seen.push({ from, ...tx.origin }) })
      expect(await ask({ origin: { ...ORIGIN, traceparent: '00-a-b-01' } })).toEqual(STATUS)
      const causationId = expect.stringMatching(/^msg_/)
      expect(seen).toMatchObject([{ from: 'learning', correlationId: 'cor_1', causationId, traceparent: '00-a-b-01' }])
    })

    test('gives every one of many requests its own answer', async () => {
      const { request } = await asking()
      const refunds = Array.from({ length: 50 }, (_, n) =>
        request(Payments.RefundPayment, { ...REFUND, actionId: `refund-${n}` }, { origin: ORIGIN }),
      )
      const ids = (await Promise.all(refunds)).map(({ refundId }) => refundId)
      expect(new Set(ids).size).toBe(50)
    })

    test('brings the errors that the message declares', async () => {
      const { ask } = await asking({
        status: () => {
          throw MISSING(ASKED.paymentId)
        },
      })
      const refused = ask()
      await expect(refused).rejects.toSatisfy(MISSING.is)
      await expect(refused).rejects.toThrow(`There is no payment ${ASKED.paymentId}.`)
    })

    test.each([
      ['nobody decided', new Error('disk full at /dev/sda')],
      ['the message does not declare', Surprise()],
    ])('tells nothing of a failure that %s', async (_, error) => {
      const { ask } = await asking({
        status: () => {
          throw error
        },
      })
      const failed = ask()
      await expect(failed).rejects.toSatisfy(ServiceFailed.is)
      await expect(failed).rejects.not.toThrow(error.message)
    })

    test('answers a type that the service does not know by name', async () => {
      const { request } = await asking()
      const unknown = request(Payments.SyncIntent, ASKED, { origin: ORIGIN })
      await expect(unknown).rejects.toThrow('"payment.sync_intent" failed: UNIMPLEMENTED.')
    })

    test('refuses what only the service itself may send', async () => {
      const { request } = await asking()
      const foreign = request(Payments.CreateIntent, ASKED, { origin: ORIGIN })
      await expect(foreign).rejects.toThrow('"payment.create_intent" failed: SENDER_REFUSED.')
    })

    test('lets a repeat under one key take no effect, and gives it the first answer', async () => {
      const { refund, told } = await asking()
      const first = await refund({ idempotencyKey: 'key-1' })
      expect(await refund({ idempotencyKey: 'key-1' })).toEqual(first)
      expect(told).toEqual(['payment/payment.refund suppressed a duplicate'])
    })

    test('ends the work’s signal at the deadline, and its outcome is unknown', async () => {
      const aborted = Promise.withResolvers<void>()
      // Work that ended with its signal could answer in the same millisecond in which its asker gives up.
      const goOn = Promise.withResolvers<void>()
      const { ask } = await asking({
        status: async ({ signal }) => {
          signal?.addEventListener('abort', () => aborted.resolve())
          await goOn.promise
        },
      })
      const late = ask({ deadline: addMs(systemClock.now(), 300) })
      await expect(late).rejects.toSatisfy(OutcomeUnknown.is)
      await aborted.promise
      goOn.resolve()
    })

    test('does nothing for a request that is past its deadline', async () => {
      let asked = 0
      const { lane, ask } = await asking({ status: () => void asked++ })
      const deadline = addMs(systemClock.now(), -1)
      const { type } = Payments.GetPaymentStatus
      const expired = { type, data: ASKED, from: 'learning', id: 'msg_1', idempotencyKey: 'key-1' }
      const controller = new AbortController()
      const answer = lane('payment', { ...expired, deadline, origin: ORIGIN }, controller.signal)
      answer.catch(() => undefined)
      expect(await ask()).toEqual(STATUS)
      controller.abort()
      expect(asked).toBe(1)
    })

    test('hands the deadline on to what the handler asks in turn', async () => {
      const deadlines: unknown[] = []
      const { ask } = await asking({ status: ({ tx }) => void deadlines.push(tx.origin.deadline) })
      const deadline = addMs(systemClock.now(), 2_000)
      await ask({ deadline })
      const [inherited] = deadlines
      expect(String(inherited) < deadline).toBe(true)
    })
  })
}
