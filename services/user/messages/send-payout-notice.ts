import { Users } from '#bus/patterns/user.ts'
import { answerWithNotice } from '../mails/notice-mail.ts'

export const sendPayoutNotice = answerWithNotice(Users.SendPayoutNotice, 'payoutNotice')
