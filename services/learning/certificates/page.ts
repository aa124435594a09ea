import { dayOf, type Markup, printedPage } from '#services/kit/http/printed-page.ts'
import type { RawAnswer } from '#services/kit/http/raw-route.ts'
import { html } from 'hono/html'
import type { CertificateResource } from '../progress-resource.ts'

const STYLE = `
body { font: 1.1rem/1.5 Georgia, serif; color: #222; max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; text-align: center }
main { border: 3px double #666; padding: 3rem 2rem }
h1 { font-size: 1.1rem; letter-spacing: .15em; text-transform: uppercase; color: #555 }
.name, .course { font-size: 1.8rem; margin: .5rem 0 }
.code { font: 1rem ui-monospace, monospace }
@media print { body { margin: 0 auto } @page { size: landscape } }
`

const printed = printedPage(STYLE)

const page = (title: string, body: Markup, status?: number): Promise<RawAnswer> =>
  printed(title, html`<main>${body}</main>`, status)

export const certificatePage = ({
  learnerName,
  courseTitle,
  issuedAt,
  verifyCode,
}: CertificateResource): Promise<RawAnswer> =>
  page(
    `Certificate of ${learnerName}`,
    html`<h1>Certificate of completion</h1>
    <p>This certifies that</p><p class="name">${learnerName}</p><p>has completed the course</p>
    <p class="course">${courseTitle}</p><p><time datetime="${issuedAt}">${dayOf(issuedAt)}</time></p>
    <p>This page is served by the platform that issued the certificate, so that it is genuine.<br>
    Code <span class="code">${verifyCode}</span></p>`,
  )

export const refusalPage = (status: number, title: string, text: string): Promise<RawAnswer> =>
  page(title, html`<h1>${title}</h1><p>${text}</p>`, status)
