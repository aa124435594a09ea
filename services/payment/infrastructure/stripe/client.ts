import Stripe from 'stripe'

/** In total for one try; a message whose call took longer is delivered again. */
const TIMEOUT_MS = 2_000

export interface StripeOptions {
  readonly secretKey: string
  /** `https://api.stripe.com`, or a sandbox in its place. */
  readonly baseUrl: string
}

/**
 * The official client. It tries once, and once more where the connection was cut (it always does): retries belong to
 * the message, which is delivered again with the same key.
 */
export const createStripeClient = ({ secretKey, baseUrl }: StripeOptions): Stripe => {
  const { protocol, hostname, port } = new URL(baseUrl)
  return new Stripe(secretKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port !== '' && { port }),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
  })
}
