import { RefundId } from '#domain/kernel/ids.ts'
import { RefundNotFound } from '#domain/payment/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { maySee } from '../access.ts'
import { PaymentQueries } from '../ports.ts'
import { RefundView } from '../views.ts'

export const GetRefund = query('payment.get_refund', {
  input: z.strictObject({ refundId: RefundId }),
  output: RefundView,
  errors: [RefundNotFound],
  scope: 'payments:read',
})

export const getRefund = queryHandler(
  GetRefund,
  { payments: PaymentQueries },
  async ({ input, actor }, { payments }) => {
    const found = await payments.refund(input.refundId)
    if (!found || !maySee(actor, found.payerId)) throw RefundNotFound(input.refundId)
    return found.refund
  },
)

export const getRefundRoute = route(GetRefund, {
  method: 'get',
  path: '/v1/refunds/{refundId}',
  tag: 'Refunds',
  summary: 'Get a refund',
})
