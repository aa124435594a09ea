import { PasswordRejected, TokenGone } from '#domain/user/errors.ts'
import { requireGoodPassword } from '#domain/user/password.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { Users } from '#bus/patterns/user.ts'
import { refuseAfterCommit } from '#bus/unit-of-work/refuse-after-commit.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import {
  IdentityProvider,
  MailedTokens,
  OneTimeTokenRepository,
  SessionMarks,
  SessionRepository,
  UserRepository,
} from '../ports.ts'
import { PasswordInput } from '../secret-text.ts'
import { endSessionsNow } from '../sessions/end-sessions.ts'

export const ResetPassword = command('user.reset_password', {
  input: z.strictObject({ token: z.string().min(1).max(200), password: PasswordInput }),
  output: z.void(),
  errors: [TokenGone, PasswordRejected],
  scope: 'public',
})

export const resetPassword = handler(
  ResetPassword,
  {
    mailedTokens: MailedTokens,
    tokens: OneTimeTokenRepository,
    users: UserRepository,
    identities: IdentityProvider,
    sessions: SessionRepository,
    marks: SessionMarks,
  },
  async ({ input, tx, now, ids }, { mailedTokens, tokens, users, identities, sessions, marks }) => {
    const presented = mailedTokens.read(input.token)
    const token = presented && (await tokens.load(presented.id))
    const user = token && (await users.load(token.state.userId))
    // A token of an address that is not theirs any more, or of an account that may not be used, opens nothing.
    if (user?.state.status !== 'ACTIVE' || user.state.email !== token?.state.email) throw TokenGone()
    const password = input.password.reveal()
    // Before the token is used up: who chose a bad password tries again with the same mail.
    requireGoodPassword(password, user.state.email)

    const { state } = token
    const outcome = token.redeem(presented?.hash ?? '', 'reset_password', now)
    if (token.state !== state) tokens.save(tx, token)
    if (outcome !== 'accepted') throw refuseAfterCommit(TokenGone())

    const { id } = user
    const open = await sessions.ofUser(id)
    user.confirmEmail(user.state.email, now)
    // Whoever was in may have asked for another address.
    user.requestEmailChange(user.account.email)
    users.save(tx, user, open.started)
    await identities.replacePassword(tx, id, password)
    for (const other of await tokens.openOf(id, 'reset_password')) {
      if (other.id === token.id) continue
      other.withdraw(now)
      tokens.save(tx, other)
    }
    await endSessionsNow(tx, open.active, 'password_reset', { sessions, marks })
    tx.send(Users.SendPasswordNotice, { userId: id }, { key: id, idempotencyKey: ids.next('msg') })
  },
)

export const resetPasswordRoute = route(ResetPassword, {
  method: 'post',
  path: '/v1/auth/password-reset/confirm',
  status: 204,
  tag: 'Auth',
  summary: 'Set a new password',
  description:
    'Redeems the token of the mail, which is good once, for an hour, and for five tries. All sessions end, other tokens ' +
    'of this kind are good no longer, and the address counts as verified.',
  rateLimit: { limit: 60, windowSeconds: 60, per: 'address', onFailure: 'closed' },
  maxBodyBytes: 8_192,
})
