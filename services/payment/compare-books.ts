import type { Instant } from '#domain/kernel/clock.ts'
import { IntentMismatch } from '#domain/payment/errors.ts'
import type { DisputeState } from '#domain/payment/dispute.ts'
import type {
  DisputedIntent,
  ListedIntent,
  ListedPayout,
  ListedRefund,
  ProviderDispute,
  ProviderRefund,
} from '#domain/payment/payment-provider.ts'
import { Payment } from '#domain/payment/payment.ts'
import type { PayoutState } from '#domain/payment/payout.ts'
import type { RefundState } from '#domain/payment/refund.ts'
import type { Finding } from './views.ts'

/** What stands here of what the provider lists: as it stands there, behind it, or against it. */
export type Verdict = 'same' | 'behind' | 'contradicts'

/** Lets a copy observe the intent: the payment's own rules say whether there is news in it. */
export const judgeIntent = (payment: Payment, { intent }: ListedIntent, at: Instant): Verdict => {
  const copy = Payment.restore(payment.state, payment.version)
  try {
    const changed = copy.observe(intent, at)
    return changed || (copy.mustCancelIntent && intent.status === 'requires_action') ? 'behind' : 'same'
  } catch (error) {
    if (!IntentMismatch.is(error)) throw error
    return 'contradicts'
  }
}

const SETTLED_AS = { succeeded: 'PROCESSED', failed: 'FAILED' } as const satisfies Record<
  Exclude<ProviderRefund['status'], 'pending'>,
  RefundState['status']
>

export const judgeRefund = ({ status }: RefundState, { refund }: ListedRefund): Verdict => {
  // It may have been settled since it was listed.
  if (refund.status === 'pending') return 'same'
  if (status === 'PENDING') return 'behind'
  return status === SETTLED_AS[refund.status] ? 'same' : 'contradicts'
}

const CLOSED_AS = { won: 'WON', lost: 'LOST' } as const satisfies Record<
  Exclude<ProviderDispute['status'], 'open'>,
  DisputeState['status']
>

/** `undefined` is one that is not known yet. */
export const judgeDispute = (state: DisputeState | undefined, { dispute: { status } }: DisputedIntent): Verdict => {
  if (!state) return 'behind'
  // It may have been closed since it was listed.
  if (status === 'open') return 'same'
  if (state.status === 'OPEN') return 'behind'
  return state.status === CLOSED_AS[status] ? 'same' : 'contradicts'
}

export const judgePayout = (state: PayoutState, { payout }: ListedPayout): Verdict => {
  if (state.status === 'FAILED') return 'contradicts'
  return state.status === 'SENT' && payout.reversed.amount <= state.reversed.amount ? 'same' : 'behind'
}

export interface Comparison<Id> {
  readonly compared: ReadonlySet<Id>
  readonly behind: readonly Id[]
  readonly findings: readonly Finding[]
}

interface Comparable<Id, Listed> {
  readonly idOf: (listed: Listed) => Id
  /** Undefined where nothing is known of it here. */
  readonly judge: (listed: Listed) => Verdict | undefined
  readonly unknown: Finding['kind']
}

const DETAILS = {
  unknown: 'The provider has it; here it is not known.',
  contradicts: 'The provider says otherwise, in a way that no further step here explains.',
} as const

/** Goes through what the provider lists. */
export const compareAll = <Id extends string, Listed>(
  listed: readonly Listed[],
  { idOf, judge, unknown }: Comparable<Id, Listed>,
): Comparison<Id> => {
  const judged = listed.map((item) => ({ id: idOf(item), verdict: judge(item) }))
  const findings = judged.flatMap(({ id, verdict }): Finding[] => {
    if (verdict === undefined) return [{ kind: unknown, id, detail: DETAILS.unknown }]
    return verdict === 'contradicts' ? [{ kind: 'contradiction', id, detail: DETAILS.contradicts }] : []
  })
  const behind = new Set(judged.filter(({ verdict }) => verdict === 'behind').map(({ id }) => id))
  return { compared: new Set(judged.map(({ id }) => id)), behind: [...behind], findings }
}
