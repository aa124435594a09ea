import { variables } from '#services/kit/config.ts'
import { z } from 'zod'

/** What production has to say for itself; development has a plain answer. */
const REQUIRED_IN_PRODUCTION = [
  'JWT_ISSUER',
  'SMTP_URL',
  'MAIL_FROM',
  'VERIFICATION_PAGE_URL',
  'PASSWORD_RESET_PAGE_URL',
] as const

const Variables = z.object({
  APP_ENV: variables.appEnv,
  JWT_PRIVATE_KEY: variables.jwtPrivateKey,
  TOKEN_SECRET: variables.secret('the key from which refresh and mailed tokens are derived'),
  JWT_ISSUER: variables.httpUrl.optional(),
  JWT_AUDIENCE: z.string().min(1).max(200).default('education-platform'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be smtp://user:password@host:587 (smtps:// for TLS from the start)' })
    .optional(),
  MAIL_FROM: z.string().min(3).max(320).optional(),
  VERIFICATION_PAGE_URL: variables.httpUrl.optional(),
  PASSWORD_RESET_PAGE_URL: variables.httpUrl.optional(),
})

/**
 * The configuration of the user service. Without a mail server the mail of a development platform goes into a table;
 * production refuses to start without one.
 */
export const UserConfig = Variables.superRefine((given, context) => {
  if (given.APP_ENV !== 'production') return
  for (const name of REQUIRED_IN_PRODUCTION)
    if (given[name] === undefined)
      context.addIssue({ code: 'custom', path: [name], message: 'missing, production needs it' })
}).transform((given) => ({
  jwt: {
    privateKeyPem: given.JWT_PRIVATE_KEY,
    issuer: given.JWT_ISSUER ?? 'http://localhost:3000',
    audience: given.JWT_AUDIENCE,
  },
  tokenSecret: given.TOKEN_SECRET,
  mail: {
    /** Absent: the mailbox of a development platform. */
    smtpUrl: given.SMTP_URL,
    from: given.MAIL_FROM ?? 'Education Platform <no-reply@localhost>',
    /** The pages that take `?token=`; absent: the mail shows the token itself. */
    pages: { verification: given.VERIFICATION_PAGE_URL, passwordReset: given.PASSWORD_RESET_PAGE_URL },
  },
}))
export type UserConfig = z.infer<typeof UserConfig>
