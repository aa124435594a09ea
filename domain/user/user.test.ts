import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  AccountSuspended,
  EmailNotVerified,
  InvalidCredentials,
  LastAdmin,
  RolesByAdminsOnly,
  UserNotFound,
} from './errors.ts'
import {
  ADMIN,
  EMAIL,
  later,
  NOW,
  registration,
  reloaded,
  typesOf,
  USER,
  unverifiedUser,
  verifiedUser,
} from './fixtures.ts'
import { User } from './user.ts'
import type { Role } from './values.ts'

const admin: { userId: typeof ADMIN; roles: Role[] } = { userId: ADMIN, roles: ['learner', 'admin'] }

const suspendedUser = (...roles: Role[]): User => {
  const user = verifiedUser(...roles)
  user.suspend('abuse', 1, NOW)
  return reloaded(user)
}

const erasedUser = (): User => {
  const user = unverifiedUser()
  user.erase(1, NOW)
  return reloaded(user)
}

describe('registration', () => {
  test('gives an unverified learner and tells it without personal data', () => {
    const user = User.register(registration, NOW)
    expect(user.account).toMatchObject({ status: 'ACTIVE', roles: ['learner'], emailVerifiedAt: null })
    expect(user.events).toMatchObject([{ definition: { type: 'user.created' } }])
    expect(user.events[0]?.data).toEqual({ userId: USER, role: 'learner', locale: 'en', timezone: 'Europe/London' })
  })

  test('keeps the e-mail address in lower case, so that uniqueness ignores case', () => {
    expect(User.register({ ...registration, email: 'Ada@Example.COM' }, NOW).account.email).toBe(EMAIL)
  })

  test('refuses what is no e-mail address', () => {
    expect(() => User.register({ ...registration, email: 'ada' }, NOW)).toThrow(z.ZodError)
  })
})

describe('an account made by the operator', () => {
  test('is verified and has its roles', () => {
    const user = User.provision(registration, ['admin'], NOW)
    expect(user.account).toMatchObject({ roles: ['learner', 'admin'], emailVerifiedAt: NOW })
    expect(typesOf(user)).toEqual(['user.created', 'user.verified', 'user.role_changed'])
  })
})

describe('the proof of an e-mail address', () => {
  test('verifies it and tells so once', () => {
    const user = unverifiedUser()
    user.confirmEmail('ADA@example.com', later(1))
    user.confirmEmail(EMAIL, later(2))
    expect(user.account.emailVerifiedAt).toBe(later(1))
    expect(user.events).toMatchObject([
      { definition: { type: 'user.verified' }, data: { userId: USER, method: 'email' } },
    ])
  })

  test('for the address that they want changes the address and names the change only', () => {
    const user = verifiedUser()
    user.requestEmailChange('ADA@new.example')
    expect(user.account).toMatchObject({ email: EMAIL, pendingEmail: 'ada@new.example' })
    expect(user.confirmEmail('Ada@new.example', later(1))).toBe(true)
    expect(user.account).toMatchObject({ email: 'ada@new.example', pendingEmail: null })
    expect(user.events.map(({ data }) => data)).toEqual([{ userId: USER, version: 2, changed: ['email'] }])
  })

  test('for an address that they do not want, or not any more, is none', () => {
    const user = verifiedUser()
    expect(user.confirmEmail('other@example.com', later(1))).toBe(false)
    user.requestEmailChange('first@example.com')
    user.requestEmailChange('second@example.com')
    expect(user.confirmEmail('first@example.com', later(1))).toBe(false)
    user.requestEmailChange(EMAIL)
    expect(user.confirmEmail('second@example.com', later(1))).toBe(false)
    expect(user.account).toMatchObject({ email: EMAIL, pendingEmail: null })
    expect(user.events).toEqual([])
  })

  test('verifies whoever has registered with a wrong address and then gave the right one', () => {
    const user = unverifiedUser()
    user.requestEmailChange('right@example.com')
    user.confirmEmail('right@example.com', later(1))
    expect(user.account.emailVerifiedAt).toBe(later(1))
    expect(typesOf(user)).toEqual(['user.updated', 'user.verified'])
  })
})

describe('roles', () => {
  test('are changed by an admin, and the difference is told', () => {
    const user = verifiedUser('tutor')
    user.changeRoles(['support'], admin, 1)
    expect(user.account.roles).toEqual(['learner', 'support'])
    expect(user.events).toMatchObject([
      {
        definition: { type: 'user.role_changed' },
        data: { userId: USER, added: ['support'], removed: ['tutor'], by: ADMIN },
      },
    ])
  })

  test('are refused to everyone else, their own holder included', () => {
    expect(() => verifiedUser().changeRoles(['admin'], { userId: USER, roles: ['learner', 'tutor'] }, 1)).toThrow(
      RolesByAdminsOnly(),
    )
  })

  test('always include learner', () => {
    const user = verifiedUser('tutor')
    user.changeRoles([], admin, 1)
    expect(user.account.roles).toEqual(['learner'])
  })

  test('that stay the same are not told', () => {
    const user = verifiedUser('tutor')
    user.changeRoles(['tutor', 'learner', 'tutor'], admin, 1)
    expect(user.events).toEqual([])
  })

  test('are received only with a verified e-mail address', () => {
    expect(() => unverifiedUser().changeRoles(['tutor'], admin, 1)).toThrow(EmailNotVerified(USER))
  })

  test('can be taken without one', () => {
    const user = User.restore({ ...verifiedUser('tutor').account, emailVerifiedAt: null }, 1)
    expect(() => user.changeRoles(['learner'], admin, 1)).not.toThrow()
  })
})

describe('the last admin', () => {
  test('keeps the role', () => {
    expect(() => verifiedUser('admin').changeRoles(['tutor'], admin, 0)).toThrow(LastAdmin())
  })

  test('may receive further roles', () => {
    const user = verifiedUser('admin')
    user.changeRoles(['admin', 'tutor'], admin, 0)
    expect(user.account.roles).toEqual(['learner', 'tutor', 'admin'])
  })

  test('is not suspended and not erased', () => {
    expect(() => verifiedUser('admin').suspend('policy', 0, NOW)).toThrow(LastAdmin())
    expect(() => verifiedUser('admin').erase(0, NOW)).toThrow(LastAdmin())
  })

  test('is none who has another beside them', () => {
    const user = verifiedUser('admin')
    user.changeRoles([], admin, 1)
    expect(user.account.roles).toEqual(['learner'])
  })

  test('is none who is suspended, for they count no more', () => {
    const user = suspendedUser('admin')
    user.changeRoles([], admin, 0)
    expect(user.account.roles).toEqual(['learner'])
  })

  test('does not stand in the way of a learner', () => {
    const user = verifiedUser()
    user.suspend('abuse', 0, NOW)
    expect(user.state.status).toBe('SUSPENDED')
  })
})

describe('logging in', () => {
  test('is open to the unverified', () => {
    expect(unverifiedUser().requireLogin().email).toBe(EMAIL)
  })

  test('is told when it is suspended, by a code alone', () => {
    const user = verifiedUser()
    user.suspend('fraud', 1, NOW)
    expect(user.events.at(-1)).toMatchObject({
      definition: { type: 'user.suspended' },
      data: { userId: USER, reason: 'fraud' },
    })
  })

  test('is closed to the suspended', () => {
    expect(() => suspendedUser().requireLogin()).toThrow(AccountSuspended())
  })

  test('answers for an erased account as for an unknown one', () => {
    expect(() => erasedUser().requireLogin()).toThrow(InvalidCredentials())
  })
})

describe('suspension', () => {
  test('is told once with its reason', () => {
    const user = verifiedUser()
    user.suspend('fraud', 1, later(1))
    user.suspend('abuse', 1, later(2))
    expect(user.state).toMatchObject({ status: 'SUSPENDED', reason: 'fraud', suspendedAt: later(1) })
    expect(user.events).toMatchObject([{ data: { userId: USER, reason: 'fraud' } }])
  })
})

describe('erasure', () => {
  test('leaves nothing but the id and the time', () => {
    const user = verifiedUser('tutor')
    user.erase(1, later(1))
    expect(user.state).toEqual({ id: USER, status: 'ERASED', erasedAt: later(1) })
    expect(user.events).toMatchObject([
      { definition: { type: 'user.deleted' }, data: { userId: USER, erasedAt: later(1) } },
    ])
  })

  test('is final', () => {
    const user = erasedUser()
    expect(() => user.confirmEmail(EMAIL, NOW)).toThrow(UserNotFound(USER))
    expect(() => user.changeRoles(['tutor'], admin, 1)).toThrow(UserNotFound(USER))
    expect(() => user.suspend('abuse', 1, NOW)).toThrow(UserNotFound(USER))
  })

  test('happens once', () => {
    const user = erasedUser()
    user.erase(1, later(1))
    expect(user.state).toMatchObject({ erasedAt: NOW })
    expect(user.events).toEqual([])
  })
})
