import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { CourseImport, type ImportedCourse } from './course-import-schema.ts'

export const admin = { email: 'admin@example.org', password: 'correct horse' }

type Fault = { status: number; retryAfter?: string; afterSaving?: boolean }

/** A platform of two operations on a port of its own; `faults` are answered, first come first served, to imports. */
export async function startFakePlatform() {
  const courses = new Map<string, string>()
  const replies = new Map<string, unknown>()
  const seen: { keys: string[]; sizes: number[]; logins: number } = { keys: [], sizes: [], logins: 0 }
  const faults: Fault[] = []
  let token = ''

  const load = (item: ImportedCourse) => {
    if (item.title === 'Unwanted')
      return { url: item.url, outcome: 'refused', code: 'TITLE_TAKEN', detail: 'no\u001b[31m' }
    const before = courses.get(item.url)
    const now = JSON.stringify(item)
    courses.set(item.url, now)
    return { url: item.url, outcome: before === undefined ? 'created' : before === now ? 'unchanged' : 'updated' }
  }

  const app = new Hono()
  app.post('/v1/auth/login', async (context) => {
    const login: unknown = await context.req.json()
    if (JSON.stringify(login) !== JSON.stringify(admin)) return context.json({ code: 'LOGIN_REFUSED' }, 401)
    token = `token-${++seen.logins}`
    return context.json({ accessToken: token, expiresIn: 900 })
  })
  app.post('/v1/course-imports', async (context) => {
    if (context.req.header('authorization') !== `Bearer ${token}`) return context.json({ code: 'TOKEN_EXPIRED' }, 401)
    const key = context.req.header('idempotency-key')
    if (!key) return context.json({ code: 'IDEMPOTENCY_KEY_REQUIRED' }, 400)
    const { items } = CourseImport.parse(await context.req.json())
    seen.keys.push(key)
    seen.sizes.push(items.length)
    const fault = faults.shift()
    if (fault && !fault.afterSaving) return refuse(fault)
    if (items.some(({ title }) => title === 'Unreadable'))
      return context.json({ code: 'INVALID', detail: 'title' }, 400)
    const reply = replies.get(key) ?? { results: items.map(load) }
    replies.set(key, reply)
    return fault ? refuse(fault) : context.json(reply)
  })

  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fake platform has no port.')
  return {
    baseUrl: new URL(`http://127.0.0.1:${address.port}/`),
    courses,
    seen,
    faults,
    close: () => new Promise((closed) => server.close(closed)),
  }
}

function refuse({ status, retryAfter }: Fault): Response {
  return Response.json({ code: 'NOT_NOW' }, { status, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) })
}
