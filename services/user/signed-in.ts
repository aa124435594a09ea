import { type Actor, type UserActor } from '#bus/cqrs/actor.ts'
import { Unauthenticated } from '#bus/cqrs/errors.ts'

/** The person behind a call about their own things. Throws `Unauthenticated` for a service, which owns none. */
export const signedIn = (actor: Actor): UserActor => {
  if (actor.kind !== 'user') throw Unauthenticated()
  return actor
}
