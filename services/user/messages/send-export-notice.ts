import { Users } from '#bus/patterns/user.ts'
import { answerWithNotice } from '../mails/notice-mail.ts'

export const sendExportNotice = answerWithNotice(Users.SendExportNotice, 'exportNotice')
