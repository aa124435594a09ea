import { Users } from '#bus/patterns/user.ts'
import { answerWithNotice } from '../mails/notice-mail.ts'

export const sendPasswordNotice = answerWithNotice(Users.SendPasswordNotice, 'passwordNotice')
