import { createHash } from 'node:crypto'
import { CourseImport, CourseImportResults, type ImportedCourse, type ImportResult } from './course-import-schema.ts'
import type { Login } from '../client/credentials.ts'
import { ClientFailure } from '../client/client-failure.ts'
import { type Answer, maxTries, type Patience, persistentFetch } from '../client/persistent-fetch.ts'
import { accessToken, problemText } from '../client/sign-in.ts'

/** `rejected`: the platform will not take this body, whoever sends it again; `failed`: it could not, for now. */
export type BatchAnswer =
  | { kind: 'answered'; results: ImportResult[] }
  | { kind: 'rejected'; detail: string }
  | { kind: 'failed'; detail: string }

export type PlatformClient = { importCourses(courses: readonly ImportedCourse[]): Promise<BatchAnswer> }

/**
 * A client of a running platform, signed in as an administrator.
 * `runId` tells this run from others: a retry replays the first answer, while a later run is looked at afresh.
 */
export async function signIn(
  baseUrl: URL,
  login: Login,
  options: { runId: string; wait: Patience['wait'] },
): Promise<PlatformClient> {
  const { runId, wait } = options
  const patience = { wait, unanswered: maxTries }
  let token = await accessToken(baseUrl, login, { wait, unanswered: 1 })

  async function post(body: string): Promise<Answer> {
    const key = createHash('sha256').update(`${runId}\n${body}`).digest('hex')
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': key }
    return await persistentFetch(new URL('v1/course-imports', baseUrl), { method: 'POST', headers, body }, patience)
  }

  return {
    async importCourses(courses) {
      const body = JSON.stringify(CourseImport.parse({ items: courses }))
      let answer = await post(body)
      if (answer.status === 401) {
        token = await accessToken(baseUrl, login, patience)
        answer = await post(body)
      }
      return batchAnswer(answer, courses.length, login)
    },
  }
}

function batchAnswer(answer: Answer, sent: number, login: Login): BatchAnswer {
  if (answer.status === 403) throw new ClientFailure(`${login.email} is not an administrator: ${problemText(answer)}.`)
  if ([401, 404, 405].includes(answer.status))
    throw new ClientFailure(`The platform does not take course imports: ${problemText(answer)}.`)
  if ([400, 413, 422].includes(answer.status)) return { kind: 'rejected', detail: problemText(answer) }
  if (answer.status !== 200) return { kind: 'failed', detail: problemText(answer) }
  const parsed = CourseImportResults.safeParse(answer.body)
  if (parsed.success && parsed.data.results.length === sent) return { kind: 'answered', results: parsed.data.results }
  return { kind: 'failed', detail: `the answer does not hold ${sent} results` }
}
