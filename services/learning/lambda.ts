// The learning service as functions.
import { lambdaOf } from '#services/kit/hosts/lambda.ts'
import { learning } from './service.ts'

export const { http, queue, schedule } = lambdaOf(learning)
