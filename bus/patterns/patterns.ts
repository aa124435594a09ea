import type { EventDefinition } from '#domain/kernel/event.ts'
import type { MessageDefinition } from '#domain/kernel/message.ts'

/** What one service publishes and answers; queues, rules and documents are derived from it. */
export interface ServicePatterns {
  readonly service: string
  readonly events: readonly EventDefinition[]
  readonly messages: readonly MessageDefinition[]
}

/**
 * Lists a service's events and messages under their names.
 * @example
 * export const Learning = patterns('learning', { publishes: { CoursePublished }, answers: { GetOffer } })
 * on(Learning.CoursePublished, ...)
 */
export const patterns = <
  Events extends Record<string, EventDefinition>,
  Messages extends Record<string, MessageDefinition>,
>(
  service: string,
  { publishes, answers }: { publishes: Events; answers: Messages },
): ServicePatterns & Events & Messages => ({
  ...publishes,
  ...answers,
  service,
  events: Object.values(publishes),
  messages: Object.values(answers),
})
