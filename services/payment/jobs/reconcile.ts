import { addMs, HOUR, MINUTE } from '#domain/kernel/clock.ts'
import { ReconciliationId } from '#domain/payment/values.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { systemIds } from '#services/kit/ids.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock, Requester } from '#services/kit/ports.ts'

/** What is older and still unsettled is found here, not in the provider's list. */
const LOOK_BACK_MS = 2 * HOUR

/** Repairs what lost webhooks and dead letters left behind. */
export const reconcileJob = job(
  'reconcile-payments',
  15 * MINUTE,
  { clock: Clock, requester: Requester },
  async ({ clock, requester }) => {
    const reconciliationId = ReconciliationId.parse(systemIds.next('rec'))
    const since = addMs(clock.now(), -LOOK_BACK_MS)
    const origin = { correlationId: reconciliationId }
    await requester.request(Payments.Reconcile, { reconciliationId, since }, { origin })
  },
)
