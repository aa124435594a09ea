import { ClientFailure } from '../client/client-failure.ts'
import type { Login } from '../client/credentials.ts'
import { type Answer, maxTries, type Patience, persistentFetch } from '../client/persistent-fetch.ts'
import { accessToken, problemText } from '../client/sign-in.ts'

/** Calls operations of a running platform as its administrator. Throws `ClientFailure`. */
export type AdminSession = (method: string, path: string) => Promise<Answer>

/** Signs in, and again whenever the token has run out. */
export async function openAdminSession(baseUrl: URL, login: Login, wait: Patience['wait']): Promise<AdminSession> {
  const patience = { wait, unanswered: maxTries, conflictPasses: false }
  let token = await accessToken(baseUrl, login, { wait, unanswered: 1 })

  const send = (method: string, path: string): Promise<Answer> =>
    persistentFetch(new URL(path, baseUrl), { method, headers: { authorization: `Bearer ${token}` } }, patience)

  return async (method, path) => {
    const answer = await send(method, path)
    if (answer.status === 403)
      throw new ClientFailure(`${login.email} is not an administrator: ${problemText(answer)}.`)
    if (answer.status !== 401) return answer
    token = await accessToken(baseUrl, login, patience)
    return await send(method, path)
  }
}
