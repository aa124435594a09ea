import { answer } from '#bus/messaging/handlers.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { PaymentQueries } from '../ports.ts'

export const exportUser = answer(
  Payments.ExportUser,
  { payments: PaymentQueries },
  async ({ data: { userId } }, { payments }) => ({ data: await payments.copyOf(userId) }),
)
