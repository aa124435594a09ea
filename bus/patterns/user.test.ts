import { describe, expect, test } from 'vitest'
import { Users } from './user.ts'
import { USER } from '#domain/user/fixtures.ts'

describe('the patterns of user', () => {
  test('are the shared ones', () => {
    expect(Users.events.map(({ type }) => type)).toEqual([
      'user.created',
      'user.updated',
      'user.verified',
      'user.deleted',
      'user.profile_updated',
      'user.role_changed',
      'user.suspended',
      'user.erasure_requested',
    ])
    expect(Users.messages.map(({ type }) => type)).toEqual([
      'user.get_by_id',
      'user.get_by_email',
      'user.check_exists',
      'user.check_session',
      'user.verify_credentials',
      'user.get_contact',
      'user.get_public_profiles',
      'user.send_verification',
      'user.send_password_reset',
      'user.send_password_notice',
      'user.send_email_change',
      'user.acknowledge_erasure',
      'user.abandon',
      'user.build_export',
      'user.send_export_notice',
      'user.send_payout_notice',
    ])
  })

  test('keep the e-mail address out of queues and out of events', () => {
    const { GetUserContact, GetUserByEmail, CheckUserExists, VerifyCredentials } = Users
    const personal = [GetUserContact, GetUserByEmail, CheckUserExists, VerifyCredentials]
    expect(personal.map(({ sensitive }) => sensitive)).toEqual([true, true, true, true])
    const shown = Users.events.filter(({ data }) => JSON.stringify(data.toJSONSchema?.()).includes('"format":"email"'))
    expect(shown).toEqual([])
  })

  test('answer at most 100 profiles at a time', () => {
    const ask = (count: number) => Users.GetPublicProfiles.input.safeParse({ userIds: Array(count).fill(USER) }).success
    expect([0, 1, 100, 101].map(ask)).toEqual([false, true, true, false])
  })

  test('let nobody else send mail', () => {
    const { SendVerification, SendPasswordReset, SendPasswordNotice, SendEmailChange } = Users
    const mails = [SendVerification, SendPasswordReset, SendPasswordNotice, SendEmailChange]
    expect(mails.map(({ audience }) => audience)).toEqual(['self', 'self', 'self', 'self'])
  })
})
