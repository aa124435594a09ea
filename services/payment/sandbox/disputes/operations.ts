import { z } from 'zod'
import type { Call } from '../http/call.ts'
import type { Operation } from '../http/operation.ts'
import { pageOf } from '../http/page-of.ts'
import { presentPaymentIntent } from '../payment-intents/present.ts'
import { requireCharge, requirePaymentIntent } from '../payment-intents/store.ts'
import type { Scope } from '../scope.ts'
import { rejected } from '../stripe/errors.ts'
import { Dispute } from '../stripe/objects.ts'
import { Flag, ListParameters, parseParameters, Text } from '../stripe/parameters.ts'
import { closeDispute, openDispute, requireDispute } from './disputes.ts'

const NoParameters = z.strictObject({})
const ListDisputesParameters = ListParameters.extend({ payment_intent: Text(100).optional() })
const UpdateParameters = z.strictObject({
  evidence: z.strictObject({ uncategorized_text: Text(150_000).optional() }).optional(),
  submit: Flag.default(true),
})

/** Texts with which evidence decides a dispute at once (https://docs.stripe.com/testing#disputes-evidence). */
const DECISIVE = new Map<string, 'won' | 'lost'>([
  ['winning_evidence', 'won'],
  ['losing_evidence', 'lost'],
])

const present = (scope: Scope, { expand }: Call, dispute: Dispute): object =>
  expand.length === 0
    ? dispute
    : { ...dispute, payment_intent: presentPaymentIntent(requirePaymentIntent(scope, dispute.payment_intent)) }

export const retrieve: Operation = {
  name: 'disputes.retrieve',
  expandable: ['payment_intent'],
  run: (scope, call) => {
    parseParameters(NoParameters, call.form)
    return present(scope, call, requireDispute(scope, call.id))
  },
}

export const list: Operation = {
  name: 'disputes.list',
  expandable: ['data.payment_intent'],
  run: (scope, call) => {
    const { payment_intent: paymentIntent, ...parameters } = parseParameters(ListDisputesParameters, call.form)
    const page = pageOf(scope, { schema: Dispute, object: 'dispute', url: '/v1/disputes', paymentIntent }, parameters)
    return { ...page, data: page.data.map((dispute) => present(scope, call, dispute)) }
  },
}

/** POST /v1/disputes/{id}: evidence, which some texts make decisive. */
export const update: Operation = {
  run: (scope, { id, form }) => {
    const { evidence, submit } = parseParameters(UpdateParameters, form)
    const dispute = requireDispute(scope, id)
    const text = evidence?.uncategorized_text ?? dispute.evidence.uncategorized_text
    const given: Dispute = { ...dispute, evidence: { uncategorized_text: text } }
    const outcome = submit ? DECISIVE.get(text ?? '') : undefined
    if (outcome) return closeDispute(scope, given, outcome)
    const next: Dispute = submit && dispute.status === 'needs_response' ? { ...given, status: 'under_review' } : given
    scope.objects.update(next)
    return next
  },
}

/** POST /v1/disputes/{id}/close: the merchant gives in. */
export const close: Operation = {
  run: (scope, { id, form }) => {
    parseParameters(NoParameters, form)
    return closeDispute(scope, requireDispute(scope, id), 'lost')
  },
}

/** POST /sandbox/payment_intents/{id}/dispute: the payer complains to the bank, weeks after paying. */
export const open: Operation = {
  run: (scope, { id, form }) => {
    parseParameters(NoParameters, form)
    const { latest_charge: charge } = requirePaymentIntent(scope, id)
    if (charge === null) throw rejected(`This PaymentIntent (${id}) does not have a charge to dispute.`, {})
    return openDispute(scope, requireCharge(scope, charge), 'fraudulent')
  },
}
