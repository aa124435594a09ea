// The payment service as functions.
import { lambdaOf } from '#services/kit/hosts/lambda.ts'
import { payment } from './service.ts'

export const { http, queue, schedule } = lambdaOf(payment)
