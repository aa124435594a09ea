import { z } from 'zod'
import { ClientFailure } from './client-failure.ts'
import type { Login } from './credentials.ts'
import { type Answer, type Patience, persistentFetch } from './persistent-fetch.ts'
import { plainText } from './plain-text.ts'

const LoginAnswer = z.object({ accessToken: z.string().min(1) })

const Problem = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
})

/** An access token for the operations of a running platform. Throws `ClientFailure`. */
export async function accessToken(baseUrl: URL, login: Login, patience: Patience): Promise<string> {
  const url = new URL('v1/auth/login', baseUrl)
  const headers = { 'content-type': 'application/json' }
  const answer = await persistentFetch(url, { method: 'POST', headers, body: JSON.stringify(login) }, patience)
  const parsed = LoginAnswer.safeParse(answer.body)
  if (answer.status === 200 && parsed.success) return parsed.data.accessToken
  if (answer.status === 401) throw new ClientFailure(`The platform does not accept the login of ${login.email}.`)
  throw new ClientFailure(`Signing in at ${url} failed: ${problemText(answer)}.`)
}

/** Status, code and detail of a refusal, safe to print. */
export function problemText({ status, body }: Answer): string {
  const problem = Problem.safeParse(body).data
  return plainText([status, problem?.code, problem?.detail ?? problem?.title].filter(Boolean).join(' '))
}
