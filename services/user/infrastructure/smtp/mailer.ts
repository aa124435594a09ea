import { createTransport } from 'nodemailer'
import type { Mailer } from '../../ports.ts'

/** Shorter than the message's handler may take, so that a mail server that hangs is a failure to try again. */
const TIMEOUT_MS = 8_000

/** @param url `smtp://user:password@host:587`, `smtps://` for TLS from the start */
export const createSmtpMailer = (url: string, from: string): Mailer => {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // A body is text of ours: nothing in it is fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ id, to, subject, text }) => {
      await transport.sendMail({ from, to, subject, text, messageId: `<${id}@mail>` })
    },
  }
}
