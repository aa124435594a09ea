import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { sagaIdOf } from '#domain/kernel/saga.ts'
import { JournalEntry, SagaInstance } from '#bus/sagas/instance.ts'
import type { SagaSummary } from '#bus/sagas/store.ts'
import { SagaId } from './saga-id.ts'

export const SagaStatus = SagaInstance.shape.status

/** One saga in a list. */
export const SagaLine = z.object({
  sagaId: SagaId,
  type: z.string(),
  key: z.string(),
  status: SagaStatus,
  /** The request that was sent last. */
  step: z.string(),
  startedAt: Instant,
  updatedAt: Instant,
})
type SagaLine = z.infer<typeof SagaLine>

const State = z.record(z.string(), z.unknown())

/** One saga as an administrator sees it: its state holds ids and amounts by the rule for messages, nobody's data. */
export const SagaView = SagaLine.extend({
  /** Version of the definition that wrote it. */
  schema: z.int(),
  state: State,
  pending: z.array(z.object({ step: z.string(), type: z.string(), attempts: z.int() })),
  /** Compensations that would run, the next one last. */
  compensations: z.array(z.string()),
  /** True when it only goes forward any more. */
  pivoted: z.boolean(),
  timers: z.record(z.string(), Instant),
  fault: SagaInstance.shape.fault,
  correlationId: z.string(),
  journal: z.array(JournalEntry),
})
type SagaView = z.infer<typeof SagaView>

export const sagaLineOf = ({ type, key, status, step, startedAt, updatedAt }: SagaSummary): SagaLine => ({
  sagaId: sagaIdOf({ name: type }, key),
  type,
  key,
  status,
  step,
  startedAt,
  updatedAt,
})

export const sagaViewOf = (instance: SagaInstance, journal: readonly JournalEntry[]): SagaView => ({
  ...sagaLineOf(instance),
  schema: instance.schema,
  state: State.parse(instance.state),
  pending: instance.pending.map(({ step, type, attempts }) => ({ step, type, attempts })),
  compensations: instance.stack,
  pivoted: instance.pivoted,
  timers: instance.timers,
  fault: instance.fault,
  correlationId: instance.correlationId,
  journal: [...journal],
})
