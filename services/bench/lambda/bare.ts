// The other side of P8: Hono and postgres.js behind the same kind of event, and nothing else.
import { Hono } from 'hono'
import postgres from 'postgres'

interface BareEvent {
  readonly rawPath: string
  readonly headers: Readonly<Record<string, string>>
  readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } }
}

const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 4 })
const app = new Hono()

app.get('/v1/tutors/:tutorId/courses', async (c) => {
  const items = await sql`
    select id, tutor_id, slug, status, title, summary, description, subject, language, level, external_url,
      created_at, published_at, archived_at, version
    from learning.courses where tutor_id = ${c.req.param('tutorId')} and status = 'PUBLISHED'
    order by id desc limit 20`
  return c.json({ items: [...items] })
})

export const http = async ({ rawPath, headers, requestContext }: BareEvent) => {
  const { domainName, http: called } = requestContext
  const response = await app.fetch(new Request(`https://${domainName}${rawPath}`, { method: called.method, headers }))
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  }
}
