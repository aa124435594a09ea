import { expect, test } from 'vitest'
import { createMailedTokens } from './mailed-tokens.ts'
import { createVerificationMails } from './verification-mails.ts'

const token = createMailedTokens('s'.repeat(32)).derive('msg_1')

test('a mail without a page shows the token', () => {
  const mail = createVerificationMails(undefined).compose('ada@example.com', 'Ada', token)
  expect(mail).toMatchObject({ id: token.id, to: 'ada@example.com' })
  expect(mail.text).toContain(token.text)
})

test('a mail with a page links to it, and keeps the parameters that it has', () => {
  const { text } = createVerificationMails('https://learn.example.org/verify?lang=en').compose('a@b.org', 'Ada', token)
  const url = new URL(/https:\S+/.exec(text)?.[0] ?? '')
  expect(Object.fromEntries(url.searchParams)).toEqual({ lang: 'en', token: token.text })
})
