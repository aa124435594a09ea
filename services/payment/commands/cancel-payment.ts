import { PaymentId } from '#domain/kernel/ids.ts'
import { PaymentAlreadyCompleted, PaymentNotFound } from '#domain/payment/errors.ts'
import { cancelledBy } from '#domain/payment/intent.ts'
import { PaymentStatus } from '#domain/payment/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { isPayer } from '../access.ts'
import { sendCancelIntent } from '../apply-intent.ts'
import { PaymentRepository } from '../ports.ts'

export const CancelPayment = command('payment.cancel_payment', {
  input: z.strictObject({ paymentId: PaymentId }),
  output: z.object({ paymentId: PaymentId, status: PaymentStatus }),
  errors: [PaymentNotFound, PaymentAlreadyCompleted],
  scope: 'payments:write',
  idempotent: true,
})

export const cancelPayment = handler(
  CancelPayment,
  { payments: PaymentRepository },
  async ({ input: { paymentId }, actor, tx, ids }, { payments }) => {
    const payment = await payments.load(paymentId)
    if (!payment || !isPayer(actor, payment.state.payerId)) throw PaymentNotFound(paymentId)
    if (payment.requestCancel(cancelledBy('payer'))) payments.save(tx, payment)
    if (payment.mustCancelIntent) sendCancelIntent(tx, payment, ids.next('msg'))
    return { paymentId, status: payment.state.status }
  },
)

export const cancelPaymentRoute = route(CancelPayment, {
  method: 'post',
  path: '/v1/payments/{paymentId}/cancel',
  tag: 'Payments',
  summary: 'Cancel a payment',
  description:
    'It is CANCELLED once the provider has confirmed it; until then a payment that succeeds all the same is completed.',
  links: { payment: { operationId: 'getPayment', parameters: { paymentId: '$response.body#/paymentId' } } },
})
