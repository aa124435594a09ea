import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'

/** A request that was sent and has not been answered. */
export const PendingRequest = z.object({
  step: z.string(),
  /** The pattern of the message. */
  type: z.string(),
  input: z.unknown(),
  /** Times it was sent. */
  attempts: z.int(),
  /** Definite declines of it so far: after each, a retry is a new intent with a key of its own. */
  declines: z.int().default(0),
})
export type PendingRequest = z.infer<typeof PendingRequest>

const SagaStatus = z.enum(['running', 'compensating', 'parked', 'completed', 'compensated', 'cancelled', 'failed'])

/** One saga as it is stored. */
export const SagaInstance = z.object({
  type: z.string(),
  key: z.string(),
  /** Version of the definition that wrote it. */
  schema: z.int(),
  status: SagaStatus,
  /** The request that was sent last, or where it ended. */
  step: z.string(),
  state: z.unknown(),
  pending: z.array(PendingRequest),
  /** Names of the compensations to run, the next one last. */
  stack: z.array(z.string()),
  /** True once the pivot step was sent: only forward from there. */
  pivoted: z.boolean(),
  /** Due instants by name; `reply:<step>` sends a request again, `deadline` ends or parks the saga. */
  timers: z.record(z.string(), Instant),
  /** Why it failed, is being undone, or is parked. */
  fault: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** What it ends as when its compensations are through. */
  undoneAs: z.enum(['compensated', 'cancelled']),
  /** Set while parked: the status to go back to. */
  resumeAs: SagaStatus.optional(),
  /** Parked by a decision: no message settles that, only a person does. */
  personAsked: z.boolean().optional(),
  correlationId: z.string(),
  /** The span that started it: steps in other traces are linked to it. */
  traceparent: z.string().optional(),
  /** By the name of a timer, the span that armed it: its firing continues from there. */
  armedIn: z.record(z.string(), z.string()).optional(),
  startedAt: Instant,
  updatedAt: Instant,
})
export type SagaInstance = z.infer<typeof SagaInstance>

/** One line of an instance's journal. */
export const JournalEntry = z.object({
  at: Instant,
  /** What arrived: `started`, `event payment.completed`, `replied charge`, `timer payment`, ... */
  message: z.string(),
  messageId: z.string(),
  fromStep: z.string(),
  toStep: z.string(),
  status: z.string(),
  /** What was sent, published and armed, by name. */
  outputs: z.array(z.string()),
  error: z.string().optional(),
  correlationId: z.string(),
})
export type JournalEntry = z.infer<typeof JournalEntry>

const FINAL = new Set<SagaInstance['status']>(['completed', 'compensated', 'cancelled', 'failed'])

/** Nothing moves it any more, but for requests that were sent late and are still unanswered. */
export const isFinal = (instance: Pick<SagaInstance, 'status' | 'resumeAs'>): boolean => FINAL.has(courseOf(instance))

/** Its status, or while it is parked the one that it goes back to. */
export const courseOf = ({ status, resumeAs }: Pick<SagaInstance, 'status' | 'resumeAs'>): SagaInstance['status'] =>
  status === 'parked' ? (resumeAs ?? 'running') : status

/** The instant of the next timer, or null when none is armed. */
export const nextDue = ({ timers }: Pick<SagaInstance, 'timers'>): Instant | null =>
  Object.values(timers).reduce<Instant | null>((first, at) => (first === null || at < first ? at : first), null)
