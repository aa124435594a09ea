import { PaymentId, RefundId } from '#domain/kernel/ids.ts'
import { ChargeableMoney, Money } from '#domain/kernel/money.ts'
import {
  PaymentDisputed,
  PaymentNotFound,
  PaymentNotRefundable,
  RefundAmountZero,
  RefundExceedsCaptured,
  RefundMustBeWhole,
  RefundWindowClosed,
} from '#domain/payment/errors.ts'
import { RefundStatus, sameMoney } from '#domain/payment/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { isPayer, mayRefund } from '../access.ts'
import { PaymentRepository, RefundRepository } from '../ports.ts'
import { requestRefund as registerRefund } from '../request-refund.ts'

export const RequestRefund = command('payment.request_refund', {
  input: z.strictObject({
    paymentId: PaymentId,
    money: ChargeableMoney.optional().describe('All that is left where it is absent; only staff may ask for less.'),
  }),
  output: z.object({ refundId: RefundId, paymentId: PaymentId, money: Money, status: RefundStatus }),
  errors: [
    PaymentNotFound,
    PaymentNotRefundable,
    PaymentDisputed,
    RefundMustBeWhole,
    RefundExceedsCaptured,
    RefundAmountZero,
    RefundWindowClosed,
  ],
  scope: 'payments:write',
  idempotent: true,
})

export const requestRefund = handler(
  RequestRefund,
  { payments: PaymentRepository, refunds: RefundRepository },
  async ({ input: { paymentId, money }, actor, tx, ids }, { payments, refunds }) => {
    const payment = await payments.load(paymentId)
    if (!payment || !mayRefund(actor, payment.state.payerId)) throw PaymentNotFound(paymentId)
    const byPayer = isPayer(actor, payment.state.payerId)
    if (byPayer && money && !sameMoney(money, payment.refundable)) throw RefundMustBeWhole(payment.refundable)
    const reason = byPayer ? 'requested_by_payer' : 'requested_by_admin'
    const id = ids.next('rfn')
    // The Idempotency-Key makes a repeat the same act, so the act can bear the name of its refund.
    const refund = registerRefund(tx, payment, { id, actionId: id, reason, money }, { payments, refunds })
    return { refundId: id, paymentId, money: refund.state.money, status: refund.state.status }
  },
)

export const requestRefundRoute = route(RequestRefund, {
  method: 'post',
  path: '/v1/payments/{paymentId}/refunds',
  status: 202,
  rateLimit: { limit: 120, windowSeconds: 60, onFailure: 'closed' },
  tag: 'Refunds',
  summary: 'Ask for a refund',
  description: 'A payer may ask for all of it within 14 days of paying; staff may refund any part at any time.',
  location: ({ refundId }) => `/v1/refunds/${refundId}`,
  links: { refund: { operationId: 'getRefund', parameters: { refundId: '$response.body#/refundId' } } },
})
