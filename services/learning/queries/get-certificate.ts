import { CertificateNotFound, CertificateWithdrawn } from '#domain/learning/errors.ts'
import { readVerifyCode } from '#domain/learning/verify-code.ts'
import { wantsHtml } from '#services/kit/http/accept.ts'
import { jsonSchemaOf } from '#services/kit/http/json-schema.ts'
import { type RawAnswer, rawRoute } from '#services/kit/http/raw-route.ts'
import { certificatePage, refusalPage } from '../certificates/page.ts'
import { CertificateRepository, type CertificateRepository as Certificates } from '../progress-ports.ts'
import { CertificateResource } from '../progress-resource.ts'

const VARY = { vary: 'Accept' }

const find = async (written: string, certificates: Certificates): Promise<CertificateResource> => {
  const code = readVerifyCode(written)
  const certificate = code && (await certificates.byCode(code))
  if (!certificate) throw CertificateNotFound()
  if (certificate.state.status === 'REVOKED') throw CertificateWithdrawn(certificate.state.verifyCode)
  return CertificateResource.parse(certificate.state)
}

const pageOf = async (written: string, certificates: Certificates): Promise<RawAnswer> => {
  try {
    return await certificatePage(await find(written, certificates))
  } catch (error) {
    if (CertificateNotFound.is(error))
      return refusalPage(404, 'No such certificate', 'Compare the code with the one on the certificate.')
    if (CertificateWithdrawn.is(error))
      return refusalPage(410, 'Revoked', 'This certificate was revoked and counts no longer.')
    throw error
  }
}

export const getCertificateRoute = rawRoute({
  method: 'get',
  path: '/v1/certificates/{code}',
  operationId: 'getCertificate',
  tag: 'Certificates',
  summary: 'Verify a certificate',
  description:
    'For anybody who has its code, in any case and with or without hyphens. A browser, which asks for text/html, is ' +
    'shown a page; one for each refusal as well.',
  scope: 'public',
  rateLimit: { limit: 120, windowSeconds: 60, per: 'address' },
  errors: [CertificateNotFound, CertificateWithdrawn],
  responses: {
    200: {
      description: 'The certificate as it was issued.',
      mediaType: 'application/json',
      schema: jsonSchemaOf(CertificateResource, 'output', 'get_certificate'),
    },
  },
  dependencies: { certificates: CertificateRepository },
  handle: async (request, { certificates }) => {
    const code = request.param('code')
    if (wantsHtml(request.header('accept'))) return pageOf(code, certificates)
    const found = await find(code, certificates)
    return { type: 'application/json', headers: VARY, body: JSON.stringify(found) }
  },
})
