import { expect, vi } from 'vitest'
import { Account } from '../views.ts'
import { createClient } from './client.ts'
import { startUserService } from './user-service.ts'

export const ADMIN = 'admin@example.com'
export const PASSWORD = 'correct horse'

export const eventually = <T>(check: () => Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 50 })

export type Scene = Awaited<ReturnType<typeof startScene>>

/** A running service with one admin, and what tests do again and again. */
export const startScene = async (variables: Readonly<Record<string, string>> = {}) => {
  const service = await startUserService({ variables })
  const client = createClient(service)
  await service.provision(ADMIN, PASSWORD, ['admin'])
  const admin = (await client.tokensOf(client.login(ADMIN))).accessToken

  const accountOf = async (token: string): Promise<Account> =>
    Account.parse((await client.call('GET', '/v1/users/me', { token })).body)

  return {
    service,
    client,
    /** The admin's access token. */
    admin,
    accountOf,
    newLearner: async (email: string) => {
      await client.register(email)
      const tokens = await client.tokensOf(client.login(email))
      return { ...tokens, userId: (await accountOf(tokens.accessToken)).userId }
    },
    mailedToken: (email: string): Promise<string> =>
      eventually(async () => {
        const token = await client.mailedToken(email)
        if (token === undefined) throw new Error(`No mail to ${email} yet.`)
        return token
      }),
    redeem: (token: string) => client.call('POST', '/v1/auth/verify-email', { body: { token } }),
    /** Sessions end within a second: their mark follows the commit. */
    isOut: (token: string) =>
      eventually(async () => expect((await client.call('GET', '/v1/users/me', { token })).status).toBe(401)),
    stop: service.stop,
  }
}
