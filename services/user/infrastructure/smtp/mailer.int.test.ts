import { expect, test } from 'vitest'
import { startSmtpServer } from '../../testing/smtp-server.ts'
import { createSmtpMailer } from './mailer.ts'

const mail = { id: 'ott_1', to: 'ada@example.com', subject: 'Verify', text: 'Hello Ada,\n\nott_1~secret\n' }
const FROM = 'Learn <no-reply@example.org>'

test('a mail reaches the server with an id that a repeat keeps', async () => {
  const server = await startSmtpServer({ accepts: true })
  const mailer = createSmtpMailer(server.url, FROM)
  await mailer.send(mail)
  await mailer.send(mail)
  expect(server.received).toHaveLength(2)
  for (const text of server.received) {
    expect(text).toContain('Message-ID: <ott_1@mail>')
    expect(text).toContain('To: ada@example.com')
    expect(text).toContain('ott_1~secret')
  }
  await server.close()
})

test('a mail that the server does not take is a failure', async () => {
  const server = await startSmtpServer({ accepts: false })
  await expect(createSmtpMailer(server.url, FROM).send(mail)).rejects.toThrow('451')
  await server.close()
})

test('so is a server that does not answer', async () => {
  const server = await startSmtpServer({ accepts: true })
  await server.close()
  await expect(createSmtpMailer(server.url, FROM).send(mail)).rejects.toThrow('ECONNREFUSED')
})
