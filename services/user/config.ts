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
  COGNITO_USER_POOL_ID: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/, 'must be the id of a user pool, like eu-central-1_AbCdEfGhI')
    .optional(),
  COGNITO_CLIENT_ID: z.string().min(1).max(128).optional(),
  COGNITO_CLIENT_SECRET: z.string().min(1).max(128).optional(),
  AWS_ENDPOINT_URL: variables.httpUrl.optional(),
})

const COGNITO = ['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID', 'COGNITO_CLIENT_SECRET'] as const

const userPoolOf = (given: z.infer<typeof Variables>) => {
  const [userPoolId, clientId, clientSecret] = COGNITO.map((name) => given[name])
  if (userPoolId === undefined || clientId === undefined || clientSecret === undefined) return undefined
  return { userPoolId, clientId, clientSecret, endpoint: given.AWS_ENDPOINT_URL }
}

/**
 * The configuration of the user service. Without a mail server the mail of a development platform goes into a table;
 * production refuses to start without one. Passwords are kept in the database, or in the user pool of Cognito that three
 * variables name.
 */
export const UserConfig = Variables.superRefine((given, context) => {
  const named = COGNITO.filter((name) => given[name] !== undefined)
  const missing = named.length === 0 ? [] : COGNITO.filter((name) => given[name] === undefined)
  for (const name of missing)
    context.addIssue({ code: 'custom', path: [name], message: `missing, ${named.join(' and ')} needs it` })
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
  /** Absent: this service keeps the passwords itself. */
  userPool: userPoolOf(given),
  mail: {
    /** Absent: the mailbox of a development platform. */
    smtpUrl: given.SMTP_URL,
    from: given.MAIL_FROM ?? 'Education Platform <no-reply@localhost>',
    /** The pages that take `?token=`; absent: the mail shows the token itself. */
    pages: { verification: given.VERIFICATION_PAGE_URL, passwordReset: given.PASSWORD_RESET_PAGE_URL },
  },
}))
export type UserConfig = z.infer<typeof UserConfig>
