import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Traces } from '../traces-ports.ts'

export const exportUser = answer(Learning.ExportUser, { traces: Traces }, async ({ data: { userId } }, { traces }) => ({
  data: await traces.read(userId),
}))
