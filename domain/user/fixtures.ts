import { addMs, type Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import { User } from './user.ts'
import type { Role } from './values.ts'

export const NOW: Instant = '2026-03-01T10:00:00.000Z'
export const later = (ms: number): Instant => addMs(NOW, ms)

export const USER: UserId = 'usr_01950000-0000-7000-8000-000000000001'
export const ADMIN: UserId = 'usr_01950000-0000-7000-8000-000000000002'
export const EMAIL = 'ada@example.com'
export const registration = { id: USER, email: EMAIL, locale: 'en', timezone: 'Europe/London' } as const

/** As loaded again: no events waiting. */
export const reloaded = (user: User): User => User.restore(user.state, user.version + 1)

export const unverifiedUser = (): User => reloaded(User.register(registration, NOW))

export const verifiedUser = (...roles: Role[]): User => reloaded(User.provision(registration, roles, NOW))

export const typesOf = (aggregate: { events: readonly { definition: { type: string } }[] }): string[] =>
  aggregate.events.map(({ definition }) => definition.type)
