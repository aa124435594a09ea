import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { Instant } from '../kernel/clock.ts'
import type { UserId } from '../kernel/ids.ts'
import {
  AccountSuspended,
  EmailNotVerified,
  InvalidCredentials,
  LastAdmin,
  RolesByAdminsOnly,
  UserNotFound,
} from './errors.ts'
import { UserCreated, UserDeleted, UserRoleChanged, UserSuspended, UserUpdated, UserVerified } from './events.ts'
import { EmailAddress, Role, type SuspensionReason } from './values.ts'

interface Account {
  readonly id: UserId
  /** Normalised; unique among all users that are not erased. */
  readonly email: EmailAddress
  readonly roles: readonly Role[]
  readonly emailVerifiedAt: Instant | null
  /** The address that they want instead, until a token that was sent there proves it. */
  readonly pendingEmail: EmailAddress | null
  readonly registeredAt: Instant
}

export interface ActiveUser extends Account {
  readonly status: 'ACTIVE'
}

export interface SuspendedUser extends Account {
  readonly status: 'SUSPENDED'
  readonly reason: SuspensionReason
  readonly suspendedAt: Instant
}

/** All that is left of an erased user; the address is free again. */
export interface ErasedUser {
  readonly id: UserId
  readonly status: 'ERASED'
  readonly erasedAt: Instant
}

export type UserState = ActiveUser | SuspendedUser | ErasedUser

export interface Registration {
  readonly id: UserId
  readonly email: string
  readonly locale: string
  readonly timezone: string
}

/** In a fixed order, without repeats, and always a learner. */
const normaliseRoles = (roles: readonly Role[]): Role[] =>
  Role.options.filter((role) => role === 'learner' || roles.includes(role))

export class User extends AggregateRoot<UserState> {
  static restore(state: UserState, version: number): User {
    return new User(state, version)
  }

  /** Anyone may register, as a learner. */
  static register({ id, email, locale, timezone }: Registration, at: Instant): User {
    const account = {
      id,
      email: EmailAddress.parse(email),
      emailVerifiedAt: null,
      pendingEmail: null,
      registeredAt: at,
    }
    const user = new User({ ...account, status: 'ACTIVE', roles: ['learner'] }, 0)
    user.apply(UserCreated, { userId: id, role: 'learner', locale, timezone })
    return user
  }

  /** An account that the operator makes, verified and with its roles: the first admin, demo logins. */
  static provision(registration: Registration, roles: readonly Role[], at: Instant): User {
    const user = User.register(registration, at)
    user.#verify('operator', at)
    user.#setRoles(normaliseRoles(roles), user.id)
    return user
  }

  /** The latest wish counts; one for the address that they have takes back an earlier one. */
  requestEmailChange(email: string): void {
    const account = this.account
    const wanted = EmailAddress.parse(email)
    this.become({ ...account, pendingEmail: wanted === account.email ? null : wanted })
  }

  /**
   * Takes the proof that mail to this address arrives: a token sent there was redeemed. For the address that they want
   * it is the change of the address. False for any other: they have had it, or have wanted it, before.
   */
  confirmEmail(email: string, at: Instant): boolean {
    const account = this.account
    const proven = EmailAddress.parse(email)
    if (proven !== account.email && proven !== account.pendingEmail) return false
    if (proven !== account.email) {
      this.become({ ...account, email: proven, pendingEmail: null })
      this.apply(UserUpdated, { userId: this.id, version: this.version + 1, changed: ['email'] })
    }
    this.#verify('email', at)
    return true
  }

  /**
   * Replaces the roles. `otherAdmins` counts the other active admins; the caller holds a lock over that count, so that
   * two admins cannot remove each other at once.
   */
  changeRoles(
    roles: readonly Role[],
    by: { readonly userId: UserId; readonly roles: readonly Role[] },
    otherAdmins: number,
  ): void {
    if (!by.roles.includes('admin')) throw RolesByAdminsOnly()
    const next = normaliseRoles(roles)
    if (next.some((role) => !this.account.roles.includes(role))) this.requireVerified()
    if (!next.includes('admin')) this.#requireAnotherAdmin(otherAdmins)
    this.#setRoles(next, by.userId)
  }

  suspend(reason: SuspensionReason, otherAdmins: number, at: Instant): void {
    const account = this.account
    if (account.status === 'SUSPENDED') return
    this.#requireAnotherAdmin(otherAdmins)
    this.become({ ...account, status: 'SUSPENDED', reason, suspendedAt: at })
    this.apply(UserSuspended, { userId: this.id, reason })
  }

  /** Final: nothing of the account is left, and nothing brings it back. */
  erase(otherAdmins: number, at: Instant): void {
    if (this.current.status === 'ERASED') return
    this.#requireAnotherAdmin(otherAdmins)
    this.become({ id: this.id, status: 'ERASED', erasedAt: at })
    this.apply(UserDeleted, { userId: this.id, erasedAt: at })
  }

  /** Unverified users may log in; suspended ones may not, and erased ones are unknown. */
  requireLogin(): ActiveUser {
    const state = this.current
    if (state.status === 'ERASED') throw InvalidCredentials()
    if (state.status === 'SUSPENDED') throw AccountSuspended()
    return state
  }

  requireVerified(): void {
    if (this.account.emailVerifiedAt === null) throw EmailNotVerified(this.id)
  }

  /** The account, or `USER_NOT_FOUND` once it is erased. */
  get account(): ActiveUser | SuspendedUser {
    if (this.current.status === 'ERASED') throw UserNotFound(this.id)
    return this.current
  }

  /** True for those of whom one has to be left. */
  get isActiveAdmin(): boolean {
    return this.current.status === 'ACTIVE' && this.current.roles.includes('admin')
  }

  #verify(method: 'email' | 'operator', at: Instant): void {
    const account = this.account
    if (account.emailVerifiedAt !== null) return
    this.become({ ...account, emailVerifiedAt: at })
    this.apply(UserVerified, { userId: this.id, method })
  }

  #setRoles(roles: Role[], by: UserId): void {
    const account = this.account
    const added = roles.filter((role) => !account.roles.includes(role))
    const removed = account.roles.filter((role) => !roles.includes(role))
    if (added.length + removed.length === 0) return
    this.become({ ...account, roles })
    this.apply(UserRoleChanged, { userId: this.id, added, removed, by })
  }

  #requireAnotherAdmin(otherAdmins: number): void {
    if (this.isActiveAdmin && otherAdmins === 0) throw LastAdmin()
  }
}
