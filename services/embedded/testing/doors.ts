import { createIssuer } from '#services/kit/auth/issuer.ts'
import { SessionId } from '#domain/kernel/ids.ts'
import { anonymous } from '#bus/cqrs/actor.ts'
import { UserConfig } from '#services/user/config.ts'
import { loadConfig } from '#services/kit/config.ts'
import type { Operation } from '#services/kit/http/operation.ts'
import { secretVariables } from '#services/kit/secrets.ts'
import { z } from 'zod'
import type { Person } from './people.ts'
import type { TestPlatform } from './platform.ts'

/** The operations of all services as they were compiled, for suites that derive their cases from them. */
export const compiledOperations = ({ platform }: Pick<TestPlatform, 'platform'>): Operation[] =>
  Object.values(platform.services).flatMap((service) => [...service.http(async () => anonymous).operations])

const Claims = z.object({ sid: SessionId })

/** A good token of the person's own session that names no role at all. */
export const tokenWithoutRoles = async ({ secrets, clock }: TestPlatform, person: Person): Promise<string> => {
  const { jwt } = loadConfig(UserConfig, secretVariables(secrets))
  const [, payload = ''] = person.token.split('.')
  const { sid: sessionId } = Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  const { issueAccessToken } = await createIssuer(jwt)
  const { userId } = person
  const now = clock.now()
  return (await issueAccessToken({ userId, sessionId, roles: [], emailVerified: true, loggedInAt: now, now })).token
}
