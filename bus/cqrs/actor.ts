import { type Instant, MINUTE, msBetween } from '#domain/kernel/clock.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import { LoginTooOld } from './errors.ts'

/** The roles that a person can hold. */
export const ROLES = ['learner', 'tutor', 'admin', 'support'] as const
export type Role = (typeof ROLES)[number]

/** Who asks: nobody known, a signed-in person, or another service. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user'
      readonly userId: UserId
      readonly sessionId: string
      readonly roles: readonly Role[]
      readonly scopes: ReadonlySet<string>
      readonly emailVerified: boolean
      /** When the session began; absent where that is not known. */
      readonly loggedInAt?: Instant | undefined
    }
  | { readonly kind: 'service'; readonly service: string }

export type UserActor = Extract<Actor, { kind: 'user' }>

export const anonymous: Actor = { kind: 'anonymous' }

export const hasRole = (actor: Actor, role: Role): boolean => actor.kind === 'user' && actor.roles.includes(role)

/** How long after a login what cannot be undone may be asked for, in milliseconds. */
export const FRESH_LOGIN_MS = 15 * MINUTE

/** A session that somebody left open somewhere must not be enough. Throws `LoginTooOld`. */
export const requireFreshLogin = ({ loggedInAt }: UserActor, now: Instant): void => {
  if (loggedInAt === undefined || msBetween(loggedInAt, now) > FRESH_LOGIN_MS) throw LoginTooOld()
}
