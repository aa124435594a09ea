import { ReconciliationNotFound } from '#domain/payment/errors.ts'
import { ReconciliationId } from '#domain/payment/values.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { PaymentQueries } from '../ports.ts'
import { ReconciliationView } from '../views.ts'

export const GetReconciliation = query('payment.get_reconciliation', {
  input: z.strictObject({ reconciliationId: ReconciliationId }),
  output: ReconciliationView,
  errors: [ReconciliationNotFound],
  scope: 'payments:admin',
})

export const getReconciliation = queryHandler(
  GetReconciliation,
  { payments: PaymentQueries },
  async ({ input: { reconciliationId } }, { payments }) => {
    const found = await payments.reconciliation(reconciliationId)
    if (!found) throw ReconciliationNotFound(reconciliationId)
    return found
  },
)

export const getReconciliationRoute = route(GetReconciliation, {
  method: 'get',
  path: '/v1/reconciliations/{reconciliationId}',
  tag: 'Reconciliations',
  summary: 'Get a reconciliation',
  description: 'Its findings are what a person has to look at.',
})
