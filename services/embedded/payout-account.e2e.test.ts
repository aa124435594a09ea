import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { makePerson, type Person } from './testing/people.ts'
import { startTestPlatform, type TestPlatform } from './testing/platform.ts'
import { eventually } from './testing/poll.ts'

const Mails = z.object({ items: z.array(z.object({ subject: z.string() })) })
const CHANGED = 'Where your earnings are paid to was changed'

let platform: TestPlatform
let tutor: Person
beforeAll(async () => {
  platform = await startTestPlatform()
  tutor = await makePerson(platform, 'learner', 'tutor')
})
afterAll(() => platform.stop())

const noticesTo = async (email: string): Promise<number> => {
  const { text } = await platform.client.call('GET', `/dev/mailbox?to=${encodeURIComponent(email)}`)
  return Mails.parse(JSON.parse(text)).items.filter(({ subject }) => subject === CHANGED).length
}

test('who is paid elsewhere from now on hears of it by mail, once for each change', async () => {
  const name = async (accountId: string): Promise<number> => {
    const body = { accountId }
    const path = '/v1/tutors/me/payout-account'
    return (await platform.client.call('PUT', path, { token: tutor.token, body })).status
  }
  expect(await name('acct_first')).toBe(200)
  expect(await name('acct_first')).toBe(200)
  await eventually('a mail', async () => (await noticesTo(tutor.email)) === 1)
  expect(await name('acct_second')).toBe(200)
  await eventually('another mail', async () => (await noticesTo(tutor.email)) === 2)
})
