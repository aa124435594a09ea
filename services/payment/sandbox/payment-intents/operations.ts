import { z } from 'zod'
import { equalSecrets } from '../http/authentication.ts'
import type { Call } from '../http/call.ts'
import type { Operation } from '../http/operation.ts'
import { pageOf } from '../http/page-of.ts'
import type { Scope } from '../scope.ts'
import { invalidParameter } from '../stripe/errors.ts'
import { PaymentIntent } from '../stripe/objects.ts'
import { ListParameters, parseParameters, Text } from '../stripe/parameters.ts'
import { AuthenticateParameters, authenticatePaymentIntent } from './authenticate.ts'
import { CancelParameters, cancelPaymentIntent } from './cancel.ts'
import { ConfirmParameters, confirmPaymentIntent } from './confirm.ts'
import { CreateParameters, createPaymentIntent } from './create.ts'
import { presentPaymentIntent, presentToPayer } from './present.ts'
import { SettleParameters, settlePaymentIntent } from './settle.ts'
import { requireCharge, requirePaymentIntent } from './store.ts'

const RetrieveParameters = z.strictObject({ client_secret: Text(200).optional() })

const answerWith = (scope: Scope, call: Call, intent: PaymentIntent): object => {
  const presented = presentPaymentIntent(intent)
  if (call.audience === 'payer') return presentToPayer(presented)
  if (!intent.latest_charge || call.expand.length === 0) return presented
  return { ...presented, latest_charge: requireCharge(scope, intent.latest_charge) }
}

/** The intent of the path; a publishable key has to prove by the client secret that it is the payer's. */
const intentOf = (scope: Scope, call: Call, clientSecret: string | undefined): PaymentIntent => {
  if (call.audience === 'payer' && clientSecret === undefined) {
    throw invalidParameter('client_secret', 'Missing required param: client_secret.', 'parameter_missing')
  }
  const intent = requirePaymentIntent(scope, call.id)
  if (clientSecret === undefined || equalSecrets(clientSecret, intent.client_secret)) return intent
  throw invalidParameter(
    'client_secret',
    'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
    'payment_intent_invalid_parameter',
  )
}

export const create: Operation = {
  name: 'payment_intents.create',
  expandable: ['latest_charge'],
  run: (scope, call) =>
    answerWith(scope, call, createPaymentIntent(scope, parseParameters(CreateParameters, call.form))),
}

export const retrieve: Operation = {
  name: 'payment_intents.retrieve',
  openToPayers: true,
  expandable: ['latest_charge'],
  run: (scope, call) => {
    const { client_secret } = parseParameters(RetrieveParameters, call.form)
    return answerWith(scope, call, intentOf(scope, call, client_secret))
  },
}

export const list: Operation = {
  name: 'payment_intents.list',
  run: (scope, { form }) => {
    const listing = { schema: PaymentIntent, object: 'payment_intent', url: '/v1/payment_intents' }
    const page = pageOf(scope, listing, parseParameters(ListParameters, form))
    return { ...page, data: page.data.map(presentPaymentIntent) }
  },
}

export const confirm: Operation = {
  name: 'payment_intents.confirm',
  openToPayers: true,
  expandable: ['latest_charge'],
  run: (scope, call) => {
    const parameters = parseParameters(ConfirmParameters, call.form)
    const intent = intentOf(scope, call, parameters.client_secret)
    return answerWith(scope, call, confirmPaymentIntent(scope, intent, parameters))
  },
}

export const cancel: Operation = {
  name: 'payment_intents.cancel',
  expandable: ['latest_charge'],
  run: (scope, call) => {
    const parameters = parseParameters(CancelParameters, call.form)
    return answerWith(scope, call, cancelPaymentIntent(scope, requirePaymentIntent(scope, call.id), parameters))
  },
}

/** POST /sandbox/payment_intents/{id}/authenticate */
export const authenticate: Operation = {
  openToPayers: true,
  run: (scope, call) => {
    const parameters = parseParameters(AuthenticateParameters, call.form)
    const intent = intentOf(scope, call, parameters.client_secret)
    return answerWith(scope, call, authenticatePaymentIntent(scope, intent, parameters))
  },
}

/** POST /sandbox/payment_intents/{id}/settle */
export const settle: Operation = {
  run: (scope, call) => {
    const parameters = parseParameters(SettleParameters, call.form)
    return answerWith(scope, call, settlePaymentIntent(scope, requirePaymentIntent(scope, call.id), parameters))
  },
}
