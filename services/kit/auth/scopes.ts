import { ROLES, type Role } from '#bus/cqrs/actor.ts'

const learner = [
  'profile:read',
  'profile:write',
  'sessions:write',
  'enrollments:read',
  'enrollments:write',
  'reviews:write',
  'content:read',
  'payments:read',
  'payments:write',
] as const

const tutor = [...learner, 'courses:read', 'courses:write', 'coupons:write', 'earnings:read', 'earnings:write'] as const

const support = [
  'profile:read',
  'users:read',
  'courses:read',
  'enrollments:read',
  'content:read',
  'payments:read',
] as const

const admin = [
  ...tutor,
  'users:read',
  'users:admin',
  'courses:import',
  'enrollments:admin',
  'reviews:admin',
  'payments:admin',
  'sagas:admin',
  'dead-letters:admin',
  'bus:admin',
] as const

/** Every scope that a definition can require of a signed-in person. */
export type Scope = (typeof admin)[number]

/** What each role may do; whose data it may do it to is decided by the handlers. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = { learner, tutor, support, admin }

const byRoles = new Map<number, ReadonlySet<Scope>>()

/** The scopes of somebody with these roles; one shared set per combination of roles. */
export const scopesOf = (roles: readonly Role[]): ReadonlySet<Scope> => {
  const combination = roles.reduce((bits, role) => bits | (1 << ROLES.indexOf(role)), 0)
  const known = byRoles.get(combination)
  if (known) return known
  const scopes = new Set(roles.flatMap((role) => ROLE_SCOPES[role]))
  byRoles.set(combination, scopes)
  return scopes
}
