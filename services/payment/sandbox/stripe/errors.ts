import { type PresentedPaymentIntent, presentToPayer } from '../payment-intents/present.ts'

export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

export interface ErrorDetail {
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  payment_intent?: PresentedPaymentIntent
}

/** An answer of Stripe's error shape. `executed` errors are stored under the idempotency key, as Stripe does. */
export class StripeError extends Error {
  readonly status: number
  readonly type: ErrorType
  readonly executed: boolean
  readonly detail: ErrorDetail

  constructor(status: number, type: ErrorType, message: string, detail: ErrorDetail = {}, executed = false) {
    super(message)
    this.status = status
    this.type = type
    this.executed = executed
    this.detail = detail
  }

  body(audience: 'merchant' | 'payer'): object {
    const { payment_intent: intent, ...detail } = this.detail
    const documentation = detail.code && {
      doc_url: `https://docs.stripe.com/error-codes#${detail.code.replaceAll('_', '-')}`,
    }
    const subject = intent && { payment_intent: audience === 'payer' ? presentToPayer(intent) : intent }
    return { error: { ...detail, ...documentation, message: this.message, ...subject, type: this.type } }
  }
}

/** A parameter that is refused before anything happens; the idempotency key stays free. */
export const invalidParameter = (param: string, message: string, code?: string): StripeError =>
  new StripeError(400, 'invalid_request_error', message, { ...(code && { code }), param })

/** A request that was executed and found its object in the wrong state. */
export const rejected = (message: string, detail: ErrorDetail): StripeError =>
  new StripeError(400, 'invalid_request_error', message, detail, true)

export const noSuch = (kind: string, id: string, param: string, status = 404): StripeError =>
  new StripeError(status, 'invalid_request_error', `No such ${kind}: '${id}'`, { code: 'resource_missing', param })

export const unauthorized = (message: string, code?: string): StripeError =>
  new StripeError(401, 'invalid_request_error', message, code ? { code } : {})

export const unrecognizedUrl = (method: string, path: string): StripeError =>
  new StripeError(404, 'invalid_request_error', `Unrecognized request URL (${method}: ${path}).`)

export const rateLimited = (): StripeError =>
  new StripeError(
    429,
    'invalid_request_error',
    'Request rate limit exceeded. Learn more: https://docs.stripe.com/rate-limits',
    { code: 'rate_limit' },
  )

export const serverError = (executed: boolean): StripeError =>
  new StripeError(500, 'api_error', 'An unknown error occurred.', {}, executed)
