import { TokenGone } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { refuseAfterCommit } from '#bus/unit-of-work/refuse-after-commit.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { MailedTokens, OneTimeTokenRepository, UserRepository } from '../ports.ts'

export const VerifyEmail = command('user.verify_email', {
  input: z.strictObject({ token: z.string().min(1).max(200) }),
  output: z.void(),
  errors: [TokenGone],
  scope: 'public',
})

export const verifyEmail = handler(
  VerifyEmail,
  { mailedTokens: MailedTokens, tokens: OneTimeTokenRepository, users: UserRepository },
  async ({ input, tx, now }, { mailedTokens, tokens, users }) => {
    const presented = mailedTokens.read(input.token)
    const token = presented && (await tokens.load(presented.id))
    const user = token && (await users.load(token.state.userId))
    if (!token || !user || user.state.status === 'ERASED') throw TokenGone()

    const { state } = token
    const outcome = token.redeem(presented.hash, 'verify_email', now)
    if (token.state !== state) tokens.save(tx, token)
    if (outcome !== 'accepted') throw refuseAfterCommit(TokenGone())
    const { email } = token.state
    // Somebody else may have registered with the address meanwhile.
    const isTaken = email !== user.account.email && (await users.byEmail(email)) !== undefined
    if (isTaken || !user.confirmEmail(email, now)) throw refuseAfterCommit(TokenGone())
    if (user.events.length > 0) users.save(tx, user)
  },
)

export const verifyEmailRoute = route(VerifyEmail, {
  method: 'post',
  path: '/v1/auth/verify-email',
  status: 204,
  tag: 'Auth',
  summary: 'Verify an e-mail address',
  description:
    'Redeems the token of the mail: of the one after registering, or of the one about another address. It is good once, ' +
    'for 24 hours, and for five tries.',
  rateLimit: { limit: 60, windowSeconds: 60, per: 'address' },
  maxBodyBytes: 8_192,
})
