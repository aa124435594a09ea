import type { MessageDefinition } from '#domain/kernel/message.ts'
import { Learning } from './learning.ts'
import type { ServicePatterns } from './patterns.ts'
import { Payments } from './payment.ts'
import { Users } from './user.ts'

/** The patterns of every service. */
export const ALL_PATTERNS: readonly ServicePatterns[] = [Users, Learning, Payments]

const answered = new Map(
  ALL_PATTERNS.flatMap(({ service, messages }) =>
    messages.map((definition) => [definition.type, { service, definition }] as const),
  ),
)

const entryOf = (type: string) => {
  const entry = answered.get(type)
  if (!entry) throw new TypeError(`No service answers "${type}". help: list it in bus/patterns/<service>.ts.`)
  return entry
}

/** The service that answers a message. Throws for one that no patterns list. */
export const destinationOf = ({ type }: Pick<MessageDefinition, 'type'>): string => entryOf(type).service

/** The message behind a pattern that was stored. Throws for one that no patterns list. */
export const messageNamed = (type: string): MessageDefinition => entryOf(type).definition

/** True for a message that the patterns of a service list. */
export const isAnswered = (type: string): boolean => answered.has(type)
