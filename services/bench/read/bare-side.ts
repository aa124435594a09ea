// The other side of P1 and P2: Hono and postgres.js, and nothing else: no authentication, limits, validation or logs.
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'
import { serveRequests, taskOf } from './side.ts'

const { url, paths } = taskOf()
const sql = postgres(url, { max: 8 })
const app = new Hono()

app.get('/v1/courses/:courseId', async (c) => {
  const [course] = await sql`
    select id, tutor_id, slug, status, title, summary, description, subject, language, level, external_url,
      created_at, published_at, archived_at, version
    from learning.courses where id = ${c.req.param('courseId')}`
  return course ? c.json(course) : c.notFound()
})

app.get('/v1/tutors/:tutorId/courses', async (c) => {
  const items = await sql`
    select id, tutor_id, slug, status, title, summary, description, subject, language, level, external_url,
      created_at, published_at, archived_at, version
    from learning.courses where tutor_id = ${c.req.param('tutorId')} and status = 'PUBLISHED'
    order by id desc limit 20`
  return c.json({ items: [...items] })
})

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
if (!server.listening) await once(server, 'listening')
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('The server has no port.')
serveRequests({ port: address.port, paths })
