import { SECOND } from '#domain/kernel/clock.ts'
import { bindValue, type Binding } from '#services/kit/module.ts'
import { Access, Enrollments, SeatsOfPerson, Waitlist } from '#services/learning/enrollment-ports.ts'
import { createMemoryAccess } from '#services/learning/infrastructure/memory/access.ts'
import { createMemoryEnrollments } from '#services/learning/infrastructure/memory/enrollments.ts'
import type { LearningState } from '#services/learning/infrastructure/memory/state.ts'
import { createMemorySeatsOfPerson } from '#services/learning/infrastructure/memory/seats-of-person.ts'
import { createMemoryWaitlist } from '#services/learning/infrastructure/memory/waitlist.ts'
import {
  createMemoryLedger,
  createMemoryProviderEvents,
  createMemoryReconciliations,
} from '#services/payment/infrastructure/memory/books.ts'
import { createMemoryCoupons } from '#services/payment/infrastructure/memory/coupons.ts'
import { createMemoryDisputes } from '#services/payment/infrastructure/memory/disputes.ts'
import { createMemoryEarnings } from '#services/payment/infrastructure/memory/earnings.ts'
import type { PaymentMemory } from '#services/payment/infrastructure/memory/payment-memory.ts'
import { createMemoryPayments } from '#services/payment/infrastructure/memory/payments.ts'
import type { MemoryProvider } from '#services/payment/infrastructure/memory/provider.ts'
import { createMemoryPayoutAccounts, createMemoryPayouts } from '#services/payment/infrastructure/memory/payouts.ts'
import { createMemoryPurchases } from '#services/payment/infrastructure/memory/purchases.ts'
import { createMemoryRefunds } from '#services/payment/infrastructure/memory/refunds.ts'
import * as payment from '#services/payment/ports.ts'
import { withFailpoints } from '#services/payment/provider-failpoints.ts'
import type { Instance } from '../engine/instance.ts'
import type { Mutation } from './mutation.ts'

/** So that sales have parts of every kind. */
const SALE_TERMS = { taxPercent: 19, tutorPercent: 80 }

/** How long a process waits for the provider. */
const PROVIDER_LIMIT_MS = 5 * SECOND

/** What a process of the learning service is wired to. */
export const learningBindings = (state: LearningState, instance: Instance, mutation: Mutation): readonly Binding[] => {
  const enrollments = createMemoryEnrollments(state)
  return [
    bindValue(Enrollments, instance.interleaved(mutation.enrollments?.(enrollments) ?? enrollments)),
    bindValue(SeatsOfPerson, instance.interleaved(createMemorySeatsOfPerson(state))),
    bindValue(Waitlist, instance.interleaved(createMemoryWaitlist(state))),
    bindValue(Access, instance.interleaved(createMemoryAccess(state))),
  ]
}

/** What a process of the payment service is wired to. */
export const paymentBindings = (
  memory: PaymentMemory,
  provider: MemoryProvider,
  instance: Instance,
  mutation: Mutation,
): readonly Binding[] => [
  bindValue(payment.PurchaseRepository, instance.interleaved(createMemoryPurchases(memory))),
  bindValue(payment.PaymentRepository, instance.interleaved(createMemoryPayments(memory))),
  bindValue(payment.RefundRepository, instance.interleaved(createMemoryRefunds(memory))),
  bindValue(payment.CouponRepository, instance.interleaved(createMemoryCoupons(memory))),
  bindValue(payment.DisputeRepository, instance.interleaved(createMemoryDisputes(memory))),
  bindValue(payment.PayoutAccounts, instance.interleaved(createMemoryPayoutAccounts(memory))),
  bindValue(payment.Payouts, instance.interleaved(createMemoryPayouts(memory))),
  bindValue(payment.EarningsQueries, instance.interleaved(createMemoryEarnings(memory))),
  bindValue(payment.SaleTerms, SALE_TERMS),
  bindValue(payment.Ledger, createMemoryLedger(memory)),
  bindValue(payment.ProviderEvents, instance.interleaved(createMemoryProviderEvents(memory))),
  bindValue(payment.Reconciliations, instance.interleaved(createMemoryReconciliations(memory))),
  bindValue(
    payment.Provider,
    withFailpoints(instance.interleaved(mutation.provider?.(provider) ?? provider, PROVIDER_LIMIT_MS)),
  ),
]
