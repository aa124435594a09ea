import { expect, test } from 'vitest'
import { createAccountMails } from './account-mails.ts'
import { createMailedTokens } from './mailed-tokens.ts'

const token = createMailedTokens('s'.repeat(32)).derive('msg_1')
const pages = { verification: 'https://a.example/verify?lang=en', passwordReset: 'https://a.example/reset' }

test.each(['verification', 'passwordReset', 'emailChange'] as const)('a mail of kind %s shows the token', (kind) => {
  const mail = createAccountMails({})[kind]('ada@example.com', 'Ada', token)
  expect(mail).toMatchObject({ id: token.id, to: 'ada@example.com' })
  expect(mail.text).toContain(token.text)
})

test.each([
  ['verification', '/verify', { lang: 'en', token: token.text }],
  ['emailChange', '/verify', { lang: 'en', token: token.text }],
  ['passwordReset', '/reset', { token: token.text }],
] as const)('with a page, one of kind %s links to %s, which keeps its parameters', (kind, path, parameters) => {
  const { text } = createAccountMails(pages)[kind]('a@b.org', 'Ada', token)
  const url = new URL(/https:\S+/.exec(text)?.[0] ?? '')
  expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual([path, parameters])
})

test('a mail to the address that somebody has shows no token of the one that they want', () => {
  const notice = createAccountMails(pages).emailChangeNotice('old@example.com', 'Ada', token)
  expect(notice.text).not.toContain(token.text)
  expect(notice.id).not.toBe(token.id)
})
