import type { PaymentProvider } from '#domain/payment/payment-provider.ts'
import { failpoint } from '#bus/failpoints.ts'

const around = (name: string) => {
  const before = failpoint(`payment.provider.${name}.before`)
  const after = failpoint(`payment.provider.${name}.after`)
  return async <T>(call: () => Promise<T>): Promise<T> => {
    await before()
    const result = await call()
    await after()
    return result
  }
}

const createIntent = around('create_intent')
const cancelIntent = around('cancel_intent')
const createRefund = around('create_refund')
const sendPayout = around('send_payout')
const syncPayout = around('sync_payout')
const syncIntent = around('sync_intent')
const syncRefund = around('sync_refund')
const syncDispute = around('sync_dispute')

/** The provider, with a place to die before and after each call that a message makes. */
export const withFailpoints = (provider: PaymentProvider): PaymentProvider => ({
  createIntent: (request) => createIntent(() => provider.createIntent(request)),
  cancelIntent: (intentId) => cancelIntent(() => provider.cancelIntent(intentId)),
  createRefund: (request) => createRefund(() => provider.createRefund(request)),
  sendPayout: (request) => sendPayout(() => provider.sendPayout(request)),
  findPayout: (payoutId) => syncPayout(() => provider.findPayout(payoutId)),
  listPayouts: (createdFrom) => provider.listPayouts(createdFrom),
  getIntent: (intentId) => syncIntent(() => provider.getIntent(intentId)),
  findIntent: (request) => syncIntent(() => provider.findIntent(request)),
  findRefund: (request) => syncRefund(() => provider.findRefund(request)),
  listIntents: (createdFrom) => provider.listIntents(createdFrom),
  listRefunds: (createdFrom) => provider.listRefunds(createdFrom),
  findDispute: (disputeId) => syncDispute(() => provider.findDispute(disputeId)),
  listDisputes: (createdFrom) => provider.listDisputes(createdFrom),
})
