import { domainError } from '#domain/kernel/errors.ts'
import { decodeEnvelope, encodeEnvelope } from '../envelope.ts'
import type { Transport } from '../transports/transport.ts'
import type { DeadLetter, DeadLetters } from './dead-letters.ts'

/** The consumer failed again; the letter stays where it is. */
export const RedriveFailed = domainError(
  'REDRIVE_FAILED',
  'conflict',
  (id: string, reason: string) => `The dead letter ${id} failed again and was kept: ${reason.slice(0, 500)}`,
)

/**
 * An event goes to the consumer that failed and to no other; one that found no consumer goes to all that there are now.
 * Requests and replies have one consumer anyway.
 */
const bodyOf = ({ consumer, envelope: text }: DeadLetter, service: string): string => {
  if (consumer === service) return text
  try {
    const envelope = decodeEnvelope(text)
    return envelope.messagekind === 'event' ? encodeEnvelope({ ...envelope, consumer }) : text
  } catch {
    return text
  }
}

/**
 * Sends a dead letter to its service once more, under its own message id, and removes it when the transport has accepted
 * it. A crash in between leaves the letter: the next redrive is absorbed by the consumer's inbox.
 * Throws `RedriveFailed`.
 */
export const redrive = async (
  letter: DeadLetter,
  service: string,
  { transport, deadLetters }: { transport: Transport; deadLetters: DeadLetters },
): Promise<void> => {
  const { id, key, type } = letter
  const [result] = await transport.deliver([{ key, route: service, type, body: bodyOf(letter, service), attempt: 1 }])
  if (!result?.accepted) throw RedriveFailed(id, result?.reason ?? 'The transport returned no result.')
  await deadLetters.remove(id)
}
