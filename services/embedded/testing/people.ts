import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { MINUTE } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import type { Role } from '#bus/cqrs/actor.ts'
import { provision } from '#services/user/provision.ts'
import type { PlatformUnderTest } from './platform.ts'
import { eventually } from './poll.ts'

/** Somebody who is signed in. */
export interface Person {
  readonly userId: UserId
  readonly email: string
  readonly password: string
  readonly token: string
  readonly refreshToken: string
}

const TokenPair = z.object({ accessToken: z.string(), refreshToken: z.string() })
const Mails = z.object({ items: z.array(z.object({ text: z.string() })) })

const newAccount = (name: string) => ({
  email: `${name}-${randomUUID()}@example.org`,
  password: `pass-${randomUUID()}`,
})

/** Signs in with new tokens. Quotas of logins refill by the clock, which it puts forward where they are used up. */
export const signIn = async (
  { client, forward }: PlatformUnderTest,
  { userId, email, password }: Pick<Person, 'userId' | 'email' | 'password'>,
): Promise<Person> => {
  const tokens = await eventually('a login', async () => {
    const answer = await client.call('POST', '/v1/auth/login', { body: { email, password } })
    if (answer.status === 429) await forward(MINUTE)
    return answer.status === 200 && answer.as(TokenPair)
  })
  return { userId, email, password, token: tokens.accessToken, refreshToken: tokens.refreshToken }
}

/** Makes a verified account by the operator's door, and signs in. */
export const makePerson = async (test: PlatformUnderTest, ...roles: readonly Role[]): Promise<Person> => {
  const account = newAccount(roles[0] ?? 'person')
  const { userId } = await provision(test.operator, { ...account, displayName: 'Some Body', roles: [...roles] })
  return signIn(test, { ...account, userId })
}

/** Registers as anybody would, reads the mail, verifies the address and signs in. */
export const register = async (test: PlatformUnderTest, displayName: string): Promise<Person> => {
  const { client } = test
  const account = newAccount('learner')
  const body = { ...account, displayName, locale: 'en', timezone: 'Europe/Berlin' }
  const { userId } = await client.expect(201, z.object({ userId: UserId }), 'POST', '/v1/users', { body })
  await verifyEmail(test, await readMailedToken(test, account.email))
  return signIn(test, { ...account, userId })
}

/** The mail leaves before the commit that makes its token good; a reader as fast as this one may be early. */
export const verifyEmail = async ({ client }: PlatformUnderTest, token: string): Promise<void> => {
  await eventually('the verification', async () => {
    const { status } = await client.call('POST', '/v1/auth/verify-email', { body: { token } })
    return status === 204
  })
}

/** The token of the newest mail. */
export const readMailedToken = ({ client }: PlatformUnderTest, email: string): Promise<string> =>
  eventually('the mail with the token', async () => {
    const query = new URLSearchParams({ to: email })
    const { items } = await client.expect(200, Mails, 'GET', `/dev/mailbox?${query}`)
    return items[0]?.text.match(/ott_[\w-]+~[\w-]+/)?.[0]
  })
