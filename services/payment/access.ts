import type { UserId } from '#domain/kernel/ids.ts'
import { type Actor, hasRole, type UserActor } from '#bus/cqrs/actor.ts'
import { Unauthenticated } from '#bus/cqrs/errors.ts'

/** The person behind a call about their own payments. Throws `Unauthenticated` for a service, which has none. */
export const signedIn = (actor: Actor): UserActor => {
  if (actor.kind !== 'user') throw Unauthenticated()
  return actor
}

export const isPayer = (actor: Actor, payerId: UserId): boolean => actor.kind === 'user' && actor.userId === payerId

/** To everybody else a payment is missing. */
export const maySee = (actor: Actor, payerId: UserId): boolean =>
  isPayer(actor, payerId) || hasRole(actor, 'admin') || hasRole(actor, 'support')

export const mayRefund = (actor: Actor, payerId: UserId): boolean =>
  isPayer(actor, payerId) || (actor.kind === 'user' && actor.scopes.has('payments:admin'))
