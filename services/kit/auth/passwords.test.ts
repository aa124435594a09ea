import { Unavailable } from '#bus/cqrs/errors.ts'
import { createPasswords } from '#services/kit/auth/passwords.ts'
import { describe, expect, test } from 'vitest'

const cheap = { memory: 64, passes: 1, parallelism: 1 }
const passwords = createPasswords({ cost: cheap })

describe('a password hash', () => {
  test('costs what OWASP asks for unless told otherwise', async () => {
    expect(await createPasswords().hash('correct horse')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
  })

  test('is salted: the same password gives another hash', async () => {
    expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'))
  })

  test('agrees with the reference implementation of Argon2', async () => {
    // A known answer of the reference's own test.c: 64 MiB, two passes, "password" and "somesalt".
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await passwords.verify('password', reference)).toEqual({ matches: true, rehash: true })
    expect(await passwords.verify('passworD', reference)).toEqual({ matches: false, rehash: false })
  })
})

describe('verify', () => {
  test('accepts the password and no other', async () => {
    const stored = await passwords.hash('correct horse')
    expect(await passwords.verify('correct horse', stored)).toEqual({ matches: true, rehash: false })
    expect(await passwords.verify('correct horse ', stored)).toEqual({ matches: false, rehash: false })
  })

  test('takes composed and decomposed characters for the same', async () => {
    expect(await passwords.verify('caf\u0065\u0301 au lait', await passwords.hash('caf\u00e9 au lait'))).toMatchObject({
      matches: true,
    })
  })

  test('asks for a new hash after the cost was raised', async () => {
    const stored = await passwords.hash('correct horse')
    const dearer = createPasswords({ cost: { ...cheap, passes: 2 } })
    expect(await dearer.verify('correct horse', stored)).toEqual({ matches: true, rehash: true })
  })

  test.each([
    'plain text',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$',
  ])('refuses stored text that is no hash, without repeating it: %s', async (stored) => {
    const verdict = passwords.verify('correct horse', stored)
    await expect(verdict).rejects.toThrow('not in the PHC form')
    await expect(verdict).rejects.not.toThrow(stored)
  })
})

describe('verifyUnknown', () => {
  test('matches nothing and does the work of a real verification', async () => {
    const slow = createPasswords()
    const stored = await slow.hash('correct horse')
    const timed = async (work: () => Promise<unknown>) => {
      const start = performance.now()
      await work()
      return performance.now() - start
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 5; round++) {
      known.push(await timed(() => slow.verify('wrong', stored)))
      unknown.push(await timed(() => slow.verifyUnknown('wrong')))
    }
    expect(await slow.verifyUnknown('correct horse')).toEqual({ matches: false, rehash: false })
    expect(Math.min(...unknown) / Math.min(...known)).toBeGreaterThan(0.5)
    expect(Math.min(...unknown) / Math.min(...known)).toBeLessThan(2)
  })
})

test('turns callers away when too many wait, and serves the ones that it admitted', async () => {
  const busy = createPasswords({ cost: cheap, concurrency: 2, waiting: 3 })
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => busy.hash('correct horse')))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(3)
  for (const { reason } of refused) {
    expect(Unavailable.is(reason)).toBe(true)
    expect(reason).toMatchObject({ retryAfterSeconds: 1 })
  }
  expect(await busy.hash('correct horse')).toContain('$argon2id$')
})
