import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { CertificateResource } from '../progress-resource.ts'

const STYLE = `
body { font: 1.1rem/1.5 Georgia, serif; color: #222; max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; text-align: center }
main { border: 3px double #666; padding: 3rem 2rem }
h1 { font-size: 1.1rem; letter-spacing: .15em; text-transform: uppercase; color: #555 }
.name, .course { font-size: 1.8rem; margin: .5rem 0 }
.code { font: 1rem ui-monospace, monospace }
@media print { body { margin: 0 auto } @page { size: landscape } }
`

type Markup = ReturnType<typeof html>

/** What such a page may do: show its own style, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`

const page = async (title: string, body: Markup): Promise<string> =>
  html`<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><style>${raw(STYLE)}</style></head>
  <body><main>${body}</main></body>
</html>`

const dayOf = (instant: string): string =>
  new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))

export const certificatePage = ({
  learnerName,
  courseTitle,
  issuedAt,
  verifyCode,
}: CertificateResource): Promise<string> =>
  page(
    `Certificate of ${learnerName}`,
    html`<h1>Certificate of completion</h1>
    <p>This certifies that</p><p class="name">${learnerName}</p><p>has completed the course</p>
    <p class="course">${courseTitle}</p><p><time datetime="${issuedAt}">${dayOf(issuedAt)}</time></p>
    <p>This page is served by the platform that issued the certificate, so that it is genuine.<br>
    Code <span class="code">${verifyCode}</span></p>`,
  )

export const refusalPage = (title: string, text: string): Promise<string> =>
  page(title, html`<h1>${title}</h1><p>${text}</p>`)
