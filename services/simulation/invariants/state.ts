import type { World } from '../world/world.ts'
import type { Invariant } from './evidence.ts'

const FINAL = new Set(['CANCELLED', 'FAILED', 'COMPLETED', 'PROCESSED', 'WON', 'LOST', 'SENT'])

interface Row {
  readonly version: number
}

interface Seen {
  readonly row: Row
  readonly status: string
}

const rowsOf = ({ learning, payment, hosts }: World): [string, Seen][] => [
  ...[...learning.enrollments].map(([id, row]): [string, Seen] => [id, { row, status: `seat ${row.state.status}` }]),
  ...[...payment.payments].map(([id, row]): [string, Seen] => [id, { row, status: row.state.status }]),
  ...[...payment.refunds].map(([id, row]): [string, Seen] => [id, { row, status: row.state.status }]),
  ...[...payment.payouts].map(([id, row]): [string, Seen] => [id, { row, status: row.state.status }]),
  ...[...payment.disputes].map(([id, row]): [string, Seen] => [id, { row, status: row.state.status }]),
  ...hosts.flatMap(({ bus }) => [...bus.sagas].map(([id, row]): [string, Seen] => [id, { row, status: 'saga' }])),
]

/** I6: what was read earlier never overwrites what was written meanwhile, and what is final stays. */
export const createVersionWatch = (): Invariant => {
  const seen = new Map<string, Seen>()
  return function* versionsOnlyGrow({ world }) {
    for (const [id, now] of rowsOf(world)) {
      const before = seen.get(id)
      if (before?.row === now.row) continue
      seen.set(id, now)
      if (!before) continue
      if (now.row.version <= before.row.version)
        yield `${id} went from version ${before.row.version} to ${now.row.version}`
      // Money that comes after all wins over an end without money.
      const reopened = FINAL.has(before.status) && now.status !== before.status && now.status !== 'COMPLETED'
      if (reopened) yield `${id} was ${before.status} and became ${now.status}`
    }
  }
}

/** I6: whatever the order in which facts arrived, the books end as the provider's. */
export function* booksConverge({ world }: Parameters<Invariant>[0]): Iterable<string> {
  const { account } = world.bank.provider
  for (const { state } of world.payment.payments.values()) {
    const paid = account.intentsOf(state.id).some(({ status }) => status === 'succeeded')
    if (paid !== (state.status === 'COMPLETED'))
      yield `${state.id} is ${state.status}, and at the provider paid: ${paid}`
    if (!FINAL.has(state.status)) yield `${state.id} is still ${state.status}`
    if (state.status !== 'COMPLETED') continue
    const back = account.givenBack(state.intentId)
    if (state.refunded.amount !== back || state.refundPending.amount !== 0)
      yield `${state.id} counts ${state.refunded.amount} as given back, the provider ${back}`
    const lost = account.withdrawn(state.intentId, ['lost'])
    if (state.chargedBack.amount !== lost || state.disputed.amount !== 0)
      yield `${state.id} counts ${state.chargedBack.amount} as charged back, the provider ${lost}`
  }
}
