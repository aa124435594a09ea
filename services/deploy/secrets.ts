import { SERVICES } from './contracts.ts'
import { logicalName } from './logical-name.ts'

/**
 * What only people know: set once per stage by `sst secret set NAME VALUE`. Deploying fails with the name of one that
 * is not set. The passwords of the stores are made by the deployment and known to nobody.
 */
export const createSecrets = () => ({
  jwtPrivateKey: new sst.Secret('JwtPrivateKey'),
  tokenSecret: new sst.Secret('TokenSecret'),
  cursorSecret: new sst.Secret('CursorSecret'),
  stripeSecretKey: new sst.Secret('StripeSecretKey'),
  stripeWebhookSecret: new sst.Secret('StripeWebhookSecret'),
  /** What each service signs with who it is, by the names of the services. */
  serviceKeys: new Map(SERVICES.map(({ name }) => [name, new sst.Secret(logicalName(name, 'service-key'))])),
  smtpUrl: new sst.Secret('SmtpUrl'),
  // Not secret, but as much the deployer's own.
  mailFrom: new sst.Secret('MailFrom'),
  verificationPageUrl: new sst.Secret('VerificationPageUrl'),
  passwordResetPageUrl: new sst.Secret('PasswordResetPageUrl'),
  invoiceIssuer: new sst.Secret('InvoiceIssuer'),
  alarmEmail: new sst.Secret('AlarmEmail'),
})

export type Secrets = ReturnType<typeof createSecrets>
