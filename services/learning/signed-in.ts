import type { Actor, UserActor } from '#bus/cqrs/actor.ts'
import { Unauthenticated } from '#bus/cqrs/errors.ts'

/** The person who asks. Throws `Unauthenticated` where a service asks or nobody does. */
export const signedIn = (actor: Actor): UserActor => {
  if (actor.kind !== 'user') throw Unauthenticated()
  return actor
}
