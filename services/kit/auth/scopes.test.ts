import { ROLES } from '#bus/cqrs/actor.ts'
import { ROLE_SCOPES, scopesOf } from '#services/kit/auth/scopes.ts'
import { describe, expect, test } from 'vitest'

describe('scopesOf', () => {
  test('gives nobody without a role any scope', () => {
    expect(scopesOf([])).toEqual(new Set())
  })

  test('adds up the scopes of all roles, whatever their order', () => {
    const scopes = scopesOf(['learner', 'support'])
    expect(scopes).toEqual(new Set([...ROLE_SCOPES.learner, ...ROLE_SCOPES.support]))
    expect(scopesOf(['support', 'learner', 'learner'])).toBe(scopes)
  })

  test('lets an administrator do everything that any role may', () => {
    expect(scopesOf(['admin'])).toEqual(scopesOf([...ROLES]))
  })

  test('lets support read and change nothing', () => {
    for (const scope of scopesOf(['support'])) expect(scope).toMatch(/:read$/)
  })

  test.each(['learner', 'tutor', 'support'] as const)('keeps administration from a %s', (role) => {
    for (const scope of scopesOf([role])) expect(scope).not.toMatch(/:(admin|import)$/)
  })
})
