import { z } from 'zod'
import { ClientFailure } from '../client/client-failure.ts'
import type { Login } from '../client/credentials.ts'
import type { Answer, Patience } from '../client/persistent-fetch.ts'
import { problemText } from '../client/sign-in.ts'
import { type AdminSession, openAdminSession } from './admin-session.ts'

export const DeadLetter = z.object({
  deadLetterId: z.string(),
  consumer: z.string(),
  messageId: z.string(),
  type: z.string(),
  key: z.string(),
  reason: z.string(),
  failedAt: z.string(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

const Whole = DeadLetter.extend({ envelope: z.string() })
export type WholeDeadLetter = z.infer<typeof Whole>

const Page = z.object({ items: z.array(DeadLetter), nextCursor: z.string().optional() })

/** What became of a change: done, or why not. */
export type Outcome = { done: true } | { done: false; reason: string }

/** The dead letters of a running platform, for its administrator. Everything throws `ClientFailure`. */
export interface DeadLettersClient {
  list(service: string): Promise<DeadLetter[]>
  find(service: string, id: string): Promise<WholeDeadLetter | undefined>
  redrive(service: string, id: string): Promise<Outcome>
  drop(service: string, id: string): Promise<Outcome>
}

export async function connect(baseUrl: URL, login: Login, wait: Patience['wait']): Promise<DeadLettersClient> {
  return deadLettersOver(await openAdminSession(baseUrl, login, wait))
}

/** The same for who has signed in already. */
export function deadLettersOver(session: AdminSession): DeadLettersClient {
  const call = (method: string, path: string) => session(method, `v1/dead-letters/${path}`)

  const change = async (method: string, path: string, done: number): Promise<Outcome> => {
    const answer = await call(method, path)
    return answer.status === done ? { done: true } : { done: false, reason: problemText(answer) }
  }

  return {
    async list(service) {
      const letters: DeadLetter[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page = expected(await call('GET', `${service}?limit=100${query}`), Page)
        letters.push(...page.items)
        cursor = page.nextCursor
      }
      return letters
    },
    async find(service, id) {
      const answer = await call('GET', `${service}/${encodeURIComponent(id)}`)
      // 400: an id of another form names nothing either.
      return answer.status === 404 || answer.status === 400 ? undefined : expected(answer, Whole)
    },
    redrive: (service, id) => change('POST', `${service}/${encodeURIComponent(id)}/redrive`, 202),
    drop: (service, id) => change('DELETE', `${service}/${encodeURIComponent(id)}`, 204),
  }
}

function expected<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(answer.body)
  if (answer.status === 200 && parsed.success) return parsed.data
  throw new ClientFailure(`The platform does not show its dead letters: ${problemText(answer)}.`)
}
