import type { MemoryState } from '#bus/memory/state.ts'
import type { EnrollmentRepository } from '#services/learning/enrollment-ports.ts'
import type { BusStores } from '#services/kit/runtime.ts'
import type { MemoryProvider } from '#services/payment/infrastructure/memory/provider.ts'
import type { Behaviour } from './audience.ts'

/** What a mutant sees of the process whose stores it changes. */
export interface MutatedProcess {
  readonly service: string
  readonly state: MemoryState
  readonly pause: (place: string) => Promise<void>
}

/** A fault built into the platform on purpose, by wrapping what it is put together from. */
export interface Mutation {
  readonly stores?: (stores: BusStores, process: MutatedProcess) => BusStores
  readonly behaviour?: (behaviour: Behaviour) => Behaviour
  readonly enrollments?: (repository: EnrollmentRepository) => EnrollmentRepository
  readonly provider?: (provider: MemoryProvider) => MemoryProvider
}
