import { Consent, ConsentPurpose, DocumentVersion } from '#domain/user/consent.ts'
import { ConsentNotWithdrawable } from '#domain/user/errors.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ConsentRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { ConsentView } from '../views.ts'

export const RecordConsent = command('user.record_consent', {
  input: z.strictObject({ purpose: ConsentPurpose, given: z.boolean(), documentVersion: DocumentVersion }),
  output: ConsentView,
  errors: [ConsentNotWithdrawable],
  scope: 'profile:write',
})

export const recordConsent = handler(
  RecordConsent,
  { consents: ConsentRepository },
  async ({ input: { purpose, ...word }, actor, tx, now }, { consents }) => {
    const { userId } = signedIn(actor)
    const known = await consents.load(userId, purpose)
    const before = known?.state
    const consent = known ?? Consent.first({ userId, purpose, ...word, recordedAt: now })
    consent.record(word, now)
    if (consent.state !== before) consents.save(tx, consent)
    return consent.state
  },
)

export const recordConsentRoute = route(RecordConsent, {
  method: 'put',
  path: '/v1/users/me/consents/{purpose}',
  tag: 'Consents',
  summary: 'Give or withdraw a consent',
  description:
    'Every change is kept with its date and the version of the text that was shown. What an account needs (`terms`, ' +
    '`privacy`) ends with the account.',
  examples: { input: { given: true, documentVersion: '2026-01' } },
})
