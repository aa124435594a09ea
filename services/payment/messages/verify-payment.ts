import { PaymentNotFound } from '#domain/payment/errors.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { PaymentRepository } from '../ports.ts'

const deps = { payments: PaymentRepository }

export const verifyPayment = answer(Payments.VerifyPayment, deps, async ({ data }, { payments }) => {
  const payment = await payments.load(data.paymentId)
  if (!payment) throw PaymentNotFound(data.paymentId)
  return { valid: payment.pays(data), status: payment.state.status }
})
