import { MINUTE } from '#domain/kernel/clock.ts'
import type { Answer, Call } from './client.ts'
import type { DocumentedOperation } from './documents.ts'
import type { PlatformUnderTest } from './platform.ts'
import type { PolicyCase } from './policy.ts'
import type { Principal, Resources, Scene } from './scene.ts'

/** The value of a path parameter: what stands behind `=`, or a resource. */
const valueOf = (name: keyof Resources | `=${string}` | undefined, resources: Resources): string => {
  if (name === undefined) return ''
  return isLiteral(name) ? name.slice(1) : resources[name]
}

const isLiteral = (name: string): name is `=${string}` => name.startsWith('=')

/** The path and query of a case. */
export const addressOf = ({ path }: DocumentedOperation, asked: PolicyCase, resources: Resources): string => {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(valueOf(asked.path?.[name], resources)),
  )
  return filled + (asked.query ?? '')
}

/** What is sent for a case; a version that nothing has, where the operation asks for one. */
export const callOf = (asked: PolicyCase, principal: Principal, { people, spare, resources }: Scene): Call => {
  const person = principal === 'anonymous' ? undefined : (asked.spare ? spare : people)[principal]
  const { body, raw } = asked
  return {
    token: person?.token,
    body: typeof body === 'function' ? Reflect.apply(body, undefined, [{ spare: spare[principal], resources }]) : body,
    ...(raw !== undefined && { raw }),
    ifMatch: '"999"',
  }
}

/** Calls; quotas refill by the clock, which is put forward where one is used up. */
export const callPatiently = async (
  { client, clock }: Pick<PlatformUnderTest, 'client' | 'clock'>,
  ...request: Parameters<PlatformUnderTest['client']['call']>
): Promise<Answer> => {
  const answer = await client.call(...request)
  if (answer.status !== 429) return answer
  clock.forward(MINUTE)
  return client.call(...request)
}

/** Asks as the table says. */
export const ask = (
  test: PlatformUnderTest,
  operation: DocumentedOperation,
  asked: PolicyCase,
  principal: Principal,
  scene: Scene,
  resources: Resources = scene.resources,
): Promise<Answer> =>
  callPatiently(test, operation.method, addressOf(operation, asked, resources), callOf(asked, principal, scene))
