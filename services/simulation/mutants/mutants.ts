import type { Mutation } from '../world/mutation.ts'
import * as behaviour from './behaviour-mutants.ts'
import * as payout from './payout-mutants.ts'
import * as store from './store-mutants.ts'

export interface Mutant {
  readonly name: string
  readonly mutation: Mutation
  /** Why no seed catches it: something else makes up for it. Absent where the simulation must catch it. */
  readonly survivesBecause?: string
}

/** A repeated call is a new one: two intents for one payment. */
const forgetfulProvider: Mutation = {
  provider: (provider) => ({
    ...provider,
    createIntent: (request) => {
      provider.forgetKeys()
      return provider.createIntent(request)
    },
  }),
}

export const MUTANTS: readonly Mutant[] = [
  { name: 'the provider gets no idempotency key', mutation: forgetfulProvider },
  { name: 'an outbox row is written outside the commit', mutation: store.outboxOutsideTheCommit },
  { name: 'the inbox is not looked at', mutation: store.inboxUnchecked },
  { name: 'idempotency keys are not remembered', mutation: store.noIdempotencyRecords },
  { name: 'a handler answers before its commit', mutation: store.answeredBeforeTheCommit },
  { name: 'the version of a saga is not checked', mutation: store.sagaVersionUnchecked },
  { name: 'the version of a payment is not checked', mutation: store.paymentVersionUnchecked },
  { name: 'the version of an enrollment is not checked', mutation: store.enrollmentVersionUnchecked },
  { name: 'a request holds no seat', mutation: store.noSeatHold },
  { name: 'money moves without an entry in the ledger', mutation: store.noLedger },
  { name: 'the relay deletes before it delivers', mutation: store.deletedBeforeDelivery },
  { name: 'the relay gives up what it could not deliver at once', mutation: store.noSecondDelivery },
  { name: 'what fails for good leaves no dead letter', mutation: store.noDeadLetters },
  { name: 'timers never fire', mutation: store.timersNeverFire },
  {
    name: 'stale timers fire',
    mutation: store.staleTimersFire,
    survivesBecause: 'an instance knows which of its timers are due, whatever a sweep says',
  },
  { name: 'the course opens before the money is there', mutation: behaviour.openedBeforeTheMoney },
  { name: 'late money is not refunded', mutation: behaviour.lateMoneyKept },
  { name: 'late money opens the course all the same', mutation: behaviour.lateMoneyActivates },
  { name: 'the seat is not released', mutation: behaviour.seatNotReleased },
  { name: 'the seat is released without cancelling the payment', mutation: behaviour.paymentNotCancelled },
  {
    name: 'the timer of a paid enrollment is not cancelled',
    mutation: behaviour.timerNotCancelled,
    survivesBecause: 'the timer finds a settled payment and does nothing',
  },
  { name: 'an enrollment that nobody pays waits for ever', mutation: behaviour.neverTurnedBack },
  { name: 'a refund does not end the access', mutation: behaviour.refundKeepsAccess },
  { name: 'a lost dispute does not end the access', mutation: behaviour.chargeBackKeepsAccess },
  { name: 'who leaves for good loses a paid seat', mutation: behaviour.erasureTakesPaidSeats },
  { name: 'tutors are paid what payers may still have back', mutation: payout.heldEarningsPaidOut },
  { name: 'two who look at the same earnings pay both', mutation: payout.paidOutTwiceAtOnce },
  { name: 'a payout has no idempotency key', mutation: payout.forgetfulTransfers },
  { name: 'nothing is reconciled', mutation: behaviour.noReconciliation },
  { name: 'notices of the provider are not looked into', mutation: behaviour.noticesIgnored },
  { name: 'a payment counts as cancelled before the provider has said so', mutation: behaviour.cancelledOnTrust },
]
