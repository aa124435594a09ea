import { variables } from '#services/kit/config.ts'
import { z } from 'zod'

const STRIPE_URL = 'https://api.stripe.com'
/** Where a development platform listens for its payment sandbox. */
const SANDBOX_URL = 'http://127.0.0.1:3002'

const Percent = z.coerce
  .number('a percentage, for example 19 or 8.1')
  .min(0, 'a percentage from 0 to 100')
  .max(100, 'a percentage from 0 to 100')
  .multipleOf(0.01, 'a percentage with at most two decimals')

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
    TAX_PERCENT: Percent.default(0),
    TUTOR_PERCENT: Percent.default(80),
    INVOICE_ISSUER: z.string().min(1).max(1_000).optional(),
  })
  .superRefine((given, context) => {
    if (given.APP_ENV === 'production' && given.INVOICE_ISSUER === undefined)
      context.addIssue({ code: 'custom', path: ['INVOICE_ISSUER'], message: 'missing, production needs it' })
  })
  .transform((given) => ({
    /** What prices include of tax, and what a tutor gets of the rest. */
    sale: { taxPercent: given.TAX_PERCENT, tutorPercent: given.TUTOR_PERCENT },
    /** Name, address and tax number of who sells, in lines. */
    invoiceIssuer: given.INVOICE_ISSUER ?? 'Education Platform',
    stripe: {
      secretKey: given.STRIPE_SECRET_KEY,
      webhookSecret: given.STRIPE_WEBHOOK_SECRET,
      baseUrl: given.STRIPE_BASE_URL ?? (given.APP_ENV === 'production' ? STRIPE_URL : SANDBOX_URL),
    },
  }))
export type PaymentConfig = z.infer<typeof PaymentConfig>
