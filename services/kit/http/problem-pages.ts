import { Hono } from 'hono'
import { html } from 'hono/html'
import { wantsHtml } from './accept.ts'
import { errorCodesOf } from './document/errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import type { Operation } from './operation.ts'
import { PROBLEM_TYPES, type ProblemKind } from './problem-types.ts'
import { REFUSALS } from './refusals.ts'

interface ProblemPage {
  readonly code: string
  readonly kind: ProblemKind
  readonly status: number
  readonly title: string
  readonly retryable: boolean
  /** Operations that may answer so. */
  readonly operations: readonly string[]
}

const COMMON_FROM = 10

const collect = (operations: readonly Operation[]): ReadonlyMap<string, ProblemPage> => {
  const found = operations.flatMap((operation) => errorCodesOf(operation).map((error) => ({ ...error, operation })))
  const everywhere = Object.values(REFUSALS).map(({ code, kind }) => ({ code, kind, operation: undefined }))
  const byCode = Map.groupBy([...everywhere, ...found], ({ code }) => code)
  return new Map(
    [...byCode].flatMap(([code, uses]) => {
      const kind = uses[0]?.kind
      const names = uses.flatMap(({ operation }) => operation?.operationId ?? [])
      return kind ? [[code, { code, kind, ...PROBLEM_TYPES[kind], operations: [...new Set(names)] }] as const] : []
    }),
  )
}

const page = ({ code, kind, status, title, retryable, operations }: ProblemPage) => html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${code}</title></head>
  <body>
    <h1>${code}</h1>
    <p>${title} (HTTP ${status}, kind <code>${kind}</code>).</p>
    <p>${retryable ? 'The same request may succeed later.' : 'Repeating the same request will not help.'}</p>
    ${operations.length > COMMON_FROM ? html`<p>Answered by many operations.</p>` : html`<ul>${operations.map((name) => html`<li><code>${name}</code></li>`)}</ul>`}
    <p><a href="/problems">All codes</a></p>
  </body>
</html>`

const index = (pages: readonly ProblemPage[]) => html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Problem codes</title></head>
  <body>
    <h1>Problem codes</h1>
    <ul>${pages.map(({ code, status, title }) => html`<li><a href="/problems/${code}">${code}</a> (${status}) ${title}</li>`)}</ul>
  </body>
</html>`

const HEADERS = { ...SECURITY_HEADERS, 'cache-control': 'public, max-age=3600', vary: 'Accept' }

/**
 * The pages behind the `type` of every problem: `/problems` and `/problems/{code}`, HTML for browsers and JSON for the
 * rest. Mount it once, with the operations of all services of the process.
 */
export const createProblemPages = (operations: readonly Operation[]): Hono => {
  const pages = collect(operations)
  const sorted = [...pages.values()].toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
  const app = new Hono()
  app.get('/problems', (c) =>
    wantsHtml(c.req.header('accept')) ? c.html(index(sorted), 200, HEADERS) : c.json(sorted, 200, HEADERS),
  )
  app.get('/problems/:code', (c) => {
    const found = pages.get(c.req.param('code'))
    if (!found) return c.text('No such problem code.', 404, HEADERS)
    return wantsHtml(c.req.header('accept')) ? c.html(page(found), 200, HEADERS) : c.json(found, 200, HEADERS)
  })
  return app
}
