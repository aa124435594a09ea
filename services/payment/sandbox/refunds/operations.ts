import { z } from 'zod'
import type { Operation } from '../http/operation.ts'
import { pageOf } from '../http/page-of.ts'
import { Refund } from '../stripe/objects.ts'
import { ListParameters, parseParameters, Text } from '../stripe/parameters.ts'
import { CreateParameters, createRefund } from './create.ts'
import { requireRefund, settleRefund } from './settle.ts'

const ListRefundsParameters = ListParameters.extend({ payment_intent: Text(100).optional() })
const NoParameters = z.strictObject({})

export const create: Operation = {
  name: 'refunds.create',
  run: (scope, { form }) => createRefund(scope, parseParameters(CreateParameters, form)),
}

export const retrieve: Operation = {
  name: 'refunds.retrieve',
  run: (scope, { id, form }) => {
    parseParameters(NoParameters, form)
    return requireRefund(scope, id)
  },
}

export const list: Operation = {
  name: 'refunds.list',
  run: (scope, { form }) => {
    const { payment_intent: paymentIntent, ...parameters } = parseParameters(ListRefundsParameters, form)
    return pageOf(scope, { schema: Refund, object: 'refund', url: '/v1/refunds', paymentIntent }, parameters)
  },
}

/** POST /sandbox/refunds/{id}/settle */
export const settle: Operation = {
  run: (scope, { id, form }) => {
    parseParameters(NoParameters, form)
    return settleRefund(scope, id)
  },
}
