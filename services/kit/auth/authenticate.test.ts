import { Unauthenticated } from '#bus/cqrs/errors.ts'
import { createAuthenticate } from '#services/kit/auth/authenticate.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import { forgeTokens } from '#services/kit/testing/forged-tokens.ts'
import { describe, expect, test } from 'vitest'
import { authority, privateKeyPem } from './fixtures.ts'

async function setUp() {
  const { verifier, person, signIn } = await authority()
  const revoked = new Set<string>()
  const authenticate = createAuthenticate({
    verifier,
    sessions: async (sessionId) => {
      if (revoked.has(sessionId)) throw Unauthenticated()
    },
  })
  const token = await signIn()
  const asking = (headers: Record<string, string>) => authenticate(new Headers(headers))
  return { authenticate, asking, person, revoked, token }
}

const refusal = { code: 'UNAUTHENTICATED' }

describe('authenticate', () => {
  test('takes a caller without credentials for anonymous', async () => {
    const { asking } = await setUp()
    expect(await asking({})).toEqual({ kind: 'anonymous' })
  })

  test('knows a signed-in user with the scopes of all roles', async () => {
    const { asking, person, token } = await setUp()
    const actor = { kind: 'user', ...person, scopes: scopesOf(person.roles) }
    expect(await asking({ authorization: `Bearer ${token}` })).toEqual(actor)
    expect(await asking({ authorization: `bearer ${token}` })).toEqual(actor)
  })

  test('refuses the token of a session that ended', async () => {
    const { asking, person, revoked, token } = await setUp()
    revoked.add(person.sessionId)
    await expect(asking({ authorization: `Bearer ${token}` })).rejects.toMatchObject(refusal)
  })

  test('takes no token from a cookie or from a header of another name', async () => {
    const { asking, token } = await setUp()
    const elsewhere = { cookie: `access_token=${token}`, 'x-access-token': token, 'x-forwarded-authorization': token }
    expect(await asking(elsewhere)).toEqual({ kind: 'anonymous' })
  })

  test.each([
    ['nothing', ''],
    ['the token alone', '$token'],
    ['another scheme', 'Basic $token'],
    ['the scheme alone', 'Bearer'],
    ['no space', 'Bearer$token'],
    ['two spaces', 'Bearer  $token'],
    ['a tab', 'Bearer\t$token'],
    ['two tokens', 'Bearer $token, Bearer $token'],
    ['a parameter', 'Bearer token=$token'],
    ['quotes', 'Bearer "$token"'],
  ])('refuses a header with %s', async (_, header) => {
    const { asking, token } = await setUp()
    await expect(asking({ authorization: header.replaceAll('$token', token) })).rejects.toMatchObject(refusal)
  })

  test('refuses two headers with a good token each', async () => {
    const { authenticate, token } = await setUp()
    const headers = new Headers({ authorization: `Bearer ${token}` })
    headers.append('authorization', `Bearer ${token}`)
    await expect(authenticate(headers)).rejects.toMatchObject(refusal)
  })

  test('refuses every forged token', async () => {
    const { asking, token } = await setUp()
    const accepted: string[] = []
    for (const forged of forgeTokens({ genuine: token, privateKeyPem })) {
      const outcome = asking({ authorization: `Bearer ${forged.token}` })
      await outcome.then(
        () => accepted.push(forged.name),
        (error: unknown) => expect(error).toMatchObject(refusal),
      )
    }
    expect(accepted).toEqual([])
  })
})
