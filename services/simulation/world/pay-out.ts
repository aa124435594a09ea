import { UserId } from '#domain/kernel/ids.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { z } from 'zod'

export const PayOut = command('payment.pay_out', {
  input: z.strictObject({ tutorId: UserId }),
  output: z.void(),
  scope: 'payments:admin',
})

/** What the job asks for, by a message that comes late, twice or beside another: queues do not keep the order of keys. */
export const payOut = handler(PayOut, {}, async ({ input: { tutorId }, tx, ids }) => {
  tx.send(Payments.SchedulePayouts, { tutorId }, { key: ids.next('key'), idempotencyKey: ids.next('msg') })
})
