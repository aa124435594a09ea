import type { UserId } from '#domain/kernel/ids.ts'

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
    }
  | { readonly kind: 'service'; readonly service: string }

export type UserActor = Extract<Actor, { kind: 'user' }>

export const anonymous: Actor = { kind: 'anonymous' }

export const hasRole = (actor: Actor, role: Role): boolean => actor.kind === 'user' && actor.roles.includes(role)
