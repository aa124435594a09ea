import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { RevocationReason } from '#domain/learning/certificate.ts'
import { CertificateNotFound } from '#domain/learning/errors.ts'
import { readVerifyCode, VerifyCode } from '#domain/learning/verify-code.ts'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { CertificateRepository } from '../progress-ports.ts'

export const RevokeCertificate = command('learning.revoke_certificate', {
  input: z.strictObject({ code: z.string().min(1).max(60), reason: RevocationReason.exclude(['erased']) }),
  output: z.object({ verifyCode: VerifyCode, revokedAt: Instant, reason: RevocationReason }),
  errors: [CertificateNotFound],
  scope: 'enrollments:admin',
})

export const revokeCertificate = handler(
  RevokeCertificate,
  { certificates: CertificateRepository },
  async ({ input: { code, reason }, tx, now }, { certificates }) => {
    const verifyCode = readVerifyCode(code)
    const certificate = verifyCode && (await certificates.byCode(verifyCode))
    if (!certificate) throw CertificateNotFound()
    const revoked = certificate.revoke(reason, now)
    if (certificate.events.length > 0) certificates.save(tx, certificate)
    return revoked
  },
)

export const revokeCertificateRoute = route(RevokeCertificate, {
  method: 'post',
  path: '/v1/certificates/{code}/revoke',
  tag: 'Certificates',
  summary: 'Revoke a certificate',
  description: 'For good: whoever verifies it is told so from then on. Again changes nothing.',
})
