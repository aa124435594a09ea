import { Hono } from 'hono'

const item = { title: 'Course 1', summary: 'What it is about', filler: '.'.repeat(420) }
const listText = JSON.stringify({ items: Array.from({ length: 20 }, () => item) })

// The other side of P3: what Hono in workerd costs before it does anything, for a small body and for one as long as a list.
const app = new Hono()
app.get('/constant', (c) => c.json({ title: 'Course 1', summary: 'What it is about' }))
app.get('/constant-list', (c) => c.body(listText, 200, { 'Content-Type': 'application/json' }))
export default app
