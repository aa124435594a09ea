import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { RawAnswer } from './raw-route.ts'

/** Text of a page, escaped where it has to be. */
export type Markup = ReturnType<typeof html>

/** A day as people read it, in UTC: `November 28, 2026`. */
export const dayOf = (instant: string): string =>
  new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))

/**
 * Pages of one look, to be read and printed: they show their own style, run nothing, and are in no search engine.
 * @example
 * const page = printedPage('body { font: 1rem serif }')
 * return page('Invoice 2026-000042', html`<h1>Invoice</h1>`)
 */
export const printedPage = (style: string) => {
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'`
  return async (title: string, body: Markup, status = 200): Promise<RawAnswer> => ({
    status,
    type: 'text/html; charset=utf-8',
    headers: { vary: 'Accept', 'content-security-policy': policy },
    body: await html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><style>${raw(style)}</style></head>
  <body>${body}</body>
</html>`,
  })
}
