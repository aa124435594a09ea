import { systemClock } from '#domain/kernel/clock.ts'
import { PaymentNotFound } from '#domain/payment/errors.ts'
import { PAYMENT_ID, PRICE } from '#domain/payment/fixtures.ts'
import type { MessageContext } from '../../messaging/handlers.ts'
import { answer } from '../../messaging/handlers.ts'
import { Payments } from '../../patterns/payment.ts'
import { createTestService } from '../../testing/service.ts'

type Asked = Pick<MessageContext<unknown>, 'from' | 'signal' | 'tx'>

/** What the payment service does when it is asked; tests change it. */
export interface Behaviour {
  status(asked: Asked): void | Promise<void>
}

export const ASKED = { paymentId: PAYMENT_ID } as const
export const STATUS = { status: 'COMPLETED', money: PRICE } as const
export const REFUND = { paymentId: PAYMENT_ID, reason: 'requested_by_payer', actionId: 'refund-1' } as const
/** No payment of ours. */
export const MISSING = PaymentNotFound

/** A payment service in memory, each of whose refunds has an id of its own. */
export const createCashier = (behaviour: Partial<Behaviour> = {}) => {
  let refunds = 0
  return createTestService({
    service: 'payment',
    clock: systemClock,
    responders: [
      answer(Payments.GetPaymentStatus, {}, async (context) => {
        await behaviour.status?.(context)
        return STATUS
      }),
      answer(Payments.RefundPayment, {}, async () => {
        refunds++
        return { refundId: `rfn_01950000-0000-7000-8000-${String(refunds).padStart(12, '0')}`, status: 'PENDING' }
      }),
      answer(Payments.CreateIntent, {}, async () => ({ status: 'PROCESSING' })),
    ],
  })
}
