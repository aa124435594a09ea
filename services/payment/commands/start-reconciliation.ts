import { addMs, DAY, Instant } from '#domain/kernel/clock.ts'
import { ReconciliationId } from '#domain/payment/values.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { Reconciliations } from '../ports.ts'

export const StartReconciliation = command('payment.start_reconciliation', {
  input: z.strictObject({
    since: Instant.optional().describe('Intents and refunds created since then; one day back where it is absent.'),
  }),
  output: z.object({ reconciliationId: ReconciliationId, since: Instant }),
  scope: 'payments:admin',
})

export const startReconciliation = handler(
  StartReconciliation,
  { reconciliations: Reconciliations },
  async ({ input, tx, ids }, { reconciliations }) => {
    const since = input.since ?? addMs(tx.now, -DAY)
    const id = ReconciliationId.parse(ids.next('rec'))
    reconciliations.start(tx, { id, since })
    tx.send(Payments.Reconcile, { reconciliationId: id, since }, { key: id, idempotencyKey: id })
    return { reconciliationId: id, since }
  },
)

export const startReconciliationRoute = route(StartReconciliation, {
  method: 'post',
  path: '/v1/reconciliations',
  status: 202,
  tag: 'Reconciliations',
  summary: 'Compare the books with the provider',
  description: 'Reads again whatever differs. It also happens by itself every 15 minutes.',
  location: ({ reconciliationId }) => `/v1/reconciliations/${reconciliationId}`,
  links: {
    reconciliation: {
      operationId: 'getReconciliation',
      parameters: { reconciliationId: '$response.body#/reconciliationId' },
    },
  },
})
