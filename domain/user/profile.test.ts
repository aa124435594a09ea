import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { later, NOW, USER } from './fixtures.ts'
import { type ProfileFields, UserProfile } from './profile.ts'

const given = { displayName: 'Ada', locale: 'en-GB', timezone: 'Europe/London' }

const profile = (): UserProfile => UserProfile.restore(UserProfile.create(USER, given, NOW).state, 3)

describe('a new profile', () => {
  test('starts with an empty bio and no slug', () => {
    expect(UserProfile.create(USER, given, NOW).state).toEqual({
      id: USER,
      ...given,
      bio: '',
      slug: null,
      updatedAt: NOW,
    })
  })

  test('is told as the first version of every field', () => {
    expect(UserProfile.create(USER, given, NOW).events).toMatchObject([
      {
        definition: { type: 'user.profile_updated' },
        data: {
          userId: USER,
          profileVersion: 1,
          changed: ['displayName', 'bio', 'locale', 'timezone', 'slug'],
        },
      },
    ])
  })
})

describe('a change of a profile', () => {
  test('names the fields that changed, never their values, and the version it is saved as', () => {
    const changed = profile()
    changed.update({ bio: 'I count.', displayName: 'Ada', slug: 'ada' }, later(1))
    expect(changed.state).toMatchObject({ bio: 'I count.', slug: 'ada', updatedAt: later(1) })
    expect(changed.events.map(({ data }) => data)).toEqual([
      { userId: USER, profileVersion: 4, changed: ['bio', 'slug'] },
    ])
  })

  test('to the same values changes nothing', () => {
    const same = profile()
    same.update(given, later(1))
    expect(same.state.updatedAt).toBe(NOW)
    expect(same.events).toEqual([])
  })

  test('leaves a field alone that is given as undefined', () => {
    const changed = profile()
    changed.update({ displayName: undefined, bio: 'I count.' }, later(1))
    expect(changed.state.displayName).toBe('Ada')
  })

  test('may take the slug away', () => {
    const changed = profile()
    changed.update({ slug: 'ada' }, NOW)
    changed.update({ slug: null }, NOW)
    expect(changed.state.slug).toBeNull()
  })

  test.each<[string, Partial<ProfileFields>]>([
    ['a blank name', { displayName: ' ' }],
    ['a name of 81 characters', { displayName: 'x'.repeat(81) }],
    ['a bio of 2001 characters', { bio: 'x'.repeat(2_001) }],
    ['an unknown form of locale', { locale: 'not a locale' }],
    ['an unknown zone', { timezone: 'Europe/Nowhere' }],
    ['an offset in place of a zone', { timezone: '+02:00' }],
    ['a slug with spaces', { slug: 'ada lovelace' }],
    ['a slug of two letters', { slug: 'ad' }],
  ])('refuses %s', (_, patch) => {
    expect(() => profile().update(patch, NOW)).toThrow(z.ZodError)
  })

  test.each<[string, Partial<ProfileFields>]>([
    ['a bio of 2000 characters', { bio: 'x'.repeat(2_000) }],
    ['the zone UTC', { timezone: 'UTC' }],
    ['a zone of a city', { timezone: 'Asia/Kolkata' }],
  ])('takes %s', (_, patch) => {
    expect(() => profile().update(patch, NOW)).not.toThrow()
  })
})

test('strangers see name, bio and slug, and nothing else', () => {
  expect(profile().public).toEqual({ userId: USER, displayName: 'Ada', bio: '', slug: null })
})
