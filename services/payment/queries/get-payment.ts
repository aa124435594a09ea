import { PaymentId } from '#domain/kernel/ids.ts'
import { PaymentNotFound } from '#domain/payment/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { maySee } from '../access.ts'
import { PaymentQueries } from '../ports.ts'
import { presentTo } from '../present-payment.ts'
import { PaymentView } from '../views.ts'

export const GetPayment = query('payment.get_payment', {
  input: z.strictObject({ paymentId: PaymentId }),
  output: PaymentView,
  errors: [PaymentNotFound],
  scope: 'payments:read',
})

export const getPayment = queryHandler(
  GetPayment,
  { payments: PaymentQueries },
  async ({ input, actor }, { payments }) => {
    const payment = await payments.payment(input.paymentId)
    if (!payment || !maySee(actor, payment.payerId)) throw PaymentNotFound(input.paymentId)
    return presentTo(actor, payment)
  },
)

export const getPaymentRoute = route(GetPayment, {
  method: 'get',
  path: '/v1/payments/{paymentId}',
  tag: 'Payments',
  summary: 'Get a payment',
  description: 'Its payer finds the `clientSecret` here, with which the payment is confirmed at the provider.',
})
