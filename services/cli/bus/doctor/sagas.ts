import { z } from 'zod'
import type { SagaDefinition } from '#domain/kernel/saga.ts'
import { ClientFailure } from '../../client/client-failure.ts'
import { problemText } from '../../client/sign-in.ts'
import type { AdminSession } from '../admin-session.ts'
import type { Finding } from './finding.ts'

const Page = z.object({
  items: z.array(z.object({ sagaId: z.string(), status: z.string(), step: z.string(), updatedAt: z.string() })),
  nextCursor: z.string().optional(),
})
type Line = z.infer<typeof Page>['items'][number]

const MINUTE_MS = 60_000
/** The deadline of a saga is a timer: one that has not moved for this much longer has lost it. */
const GRACE_MINUTES = 10
const SHOWN = 5

/** Sagas of one service that need a person: parked, or past their deadline without having moved. */
export async function examineSagas(
  session: AdminSession,
  service: string,
  definitions: readonly Pick<SagaDefinition, 'name' | 'deadlineMs'>[],
): Promise<Finding[]> {
  const list = async (query: string): Promise<{ items: readonly Line[]; more: boolean }> => {
    const answer = await session('GET', `v1/sagas/${service}?limit=100&${query}`)
    const page = Page.safeParse(answer.body)
    if (answer.status !== 200 || !page.success)
      throw new ClientFailure(`${service} does not show its sagas: ${problemText(answer)}.`)
    return { items: page.data.items, more: page.data.nextCursor !== undefined }
  }
  const findings = await Promise.all(
    definitions.flatMap(({ name, deadlineMs }) => {
      const minutes = Math.ceil(deadlineMs / MINUTE_MS) + GRACE_MINUTES
      return [
        list(`type=${name}&status=parked`).then((found) => describe(found, service, name, 'parked')),
        ...['running', 'compensating'].map((status) =>
          list(`type=${name}&status=${status}&stuckForMinutes=${minutes}`).then((found) =>
            describe(found, service, name, `${status} and has not moved since its deadline`),
          ),
        ),
      ]
    }),
  )
  return findings.flat()
}

function describe(
  { items, more }: { items: readonly Line[]; more: boolean },
  service: string,
  name: string,
  state: string,
): Finding[] {
  if (items.length === 0) return []
  const shown = items.slice(0, SHOWN).map(({ sagaId, step }) => `${sagaId} at ${step || 'its start'}`)
  return [
    {
      where: service,
      problem: `${items.length}${more ? ' or more' : ''} ${name} ${state}: ${shown.join(', ')}`,
      help: `GET /v1/sagas/${service}/{sagaId} shows the journal with the fault. Repair it, then POST .../retry; or POST .../cancel, which compensates.`,
    },
  ]
}
