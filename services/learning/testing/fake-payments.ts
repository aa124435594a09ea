import type { Ids, PaymentId } from '#domain/kernel/ids.ts'
import { decodeEnvelope, encodeEnvelope, type Envelope } from '#bus/envelope.ts'
import { Payments } from '#bus/patterns/payment.ts'
import type { Receive } from '#bus/transports/transport.ts'

/** The payment service as learning sees it: it answers every request at once, and decides nothing by itself. */
export interface FakePayments {
  readonly receive: Receive
  /** The requests that came, in order. */
  readonly requests: readonly Envelope[]
  paymentOf(enrollmentId: string): PaymentId
}

/** @param reply takes the answers on their way back */
export const createFakePayments = (ids: Ids, reply: (body: string) => Promise<void>): FakePayments => {
  const requests: Envelope[] = []
  const payments = new Map<string, PaymentId>()

  const paymentOf = (enrollmentId: string): PaymentId => {
    const known = payments.get(enrollmentId) ?? ids.next('pay')
    payments.set(enrollmentId, known)
    return known
  }

  const outputOf = ({ type, data }: Envelope): unknown => {
    if (type === Payments.ProcessPayment.type) {
      const { purchase } = Payments.ProcessPayment.input.parse(data)
      return { paymentId: paymentOf(purchase.refId), status: 'INITIATED' }
    }
    if (type === Payments.CancelPayment.type) return { status: 'CANCELLED' }
    return { refundId: ids.next('rfn'), status: 'PENDING' }
  }

  return {
    requests,
    paymentOf,
    receive: async ({ body }) => {
      const request = decodeEnvelope(body)
      requests.push(request)
      const { replyto, replyref, type, subject, time, correlationid } = request
      if (replyto === undefined) return
      const data = { outcome: 'replied', output: outputOf(request) }
      const source = 'edtech.payment'
      const names = { specversion: '1.0', id: ids.next('msg'), messagekind: 'reply', source, dataversion: 1 } as const
      await reply(encodeEnvelope({ ...names, type, subject, time, correlationid, replyref, data }))
    },
  }
}
