import { variables } from '#services/kit/config.ts'
import { z } from 'zod'

const STRIPE_URL = 'https://api.stripe.com'
/** Where a development platform listens for its payment sandbox. */
const SANDBOX_URL = 'http://127.0.0.1:3002'

/**
 * The configuration of the payment service. Development pays at the sandbox unless it is told otherwise; production at
 * Stripe, and it refuses to start without a key and a webhook secret of its own, and without
 * the name and address that stand on invoices.
 */
export const PaymentConfig = z
  .object({
    APP_ENV: variables.appEnv,
    STRIPE_SECRET_KEY: variables.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: variables.stripeWebhookSecret,
    STRIPE_BASE_URL: variables.httpUrl.optional(),
    INVOICE_ISSUER: z.string().min(1).max(1_000).optional(),
  })
  .superRefine((given, context) => {
    if (given.APP_ENV === 'production' && given.INVOICE_ISSUER === undefined)
      context.addIssue({ code: 'custom', path: ['INVOICE_ISSUER'], message: 'missing, production needs it' })
  })
  .transform((given) => ({
    /** Name, address and tax number of who sells, in lines. */
    invoiceIssuer: given.INVOICE_ISSUER ?? 'Education Platform',
    stripe: {
      secretKey: given.STRIPE_SECRET_KEY,
      webhookSecret: given.STRIPE_WEBHOOK_SECRET,
      baseUrl: given.STRIPE_BASE_URL ?? (given.APP_ENV === 'production' ? STRIPE_URL : SANDBOX_URL),
    },
  }))
export type PaymentConfig = z.infer<typeof PaymentConfig>
