// The user service as functions.
import { lambdaOf } from '#services/kit/hosts/lambda.ts'
import { user } from './service.ts'

export const { http, queue, schedule } = lambdaOf(user)
