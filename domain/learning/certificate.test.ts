import { expect, test } from 'vitest'
import { addMs } from '../kernel/clock.ts'
import { Certificate } from './certificate.ts'
import { CertificateIssued, CertificateRevoked } from './events.ts'
import { exampleIds, exampleLearner, NOW } from './examples.ts'
import { verifyCodeOf } from './verify-code.ts'

const facts = {
  id: exampleIds.next('crt'),
  enrollmentId: exampleIds.next('enr'),
  courseId: exampleIds.next('crs'),
  studentId: exampleLearner,
  verifyCode: verifyCodeOf(new Uint8Array(15)),
  learnerName: 'Ada Lovelace',
  courseTitle: 'Linear algebra by drawing',
  issuedAt: NOW,
}
const names = { certificateId: facts.id, enrollmentId: facts.enrollmentId, verifyCode: facts.verifyCode }

test('a certificate is told of without the name of its learner', () => {
  expect(Certificate.issue(facts).events).toEqual([{ definition: CertificateIssued, data: names }])
})

test('a revocation is final, and is told once', () => {
  const certificate = Certificate.restore(Certificate.issue(facts).state, 1)
  certificate.revoke('misconduct', NOW)
  certificate.revoke('issued_in_error', addMs(NOW, 1))
  expect(certificate.state).toMatchObject({ status: 'REVOKED', reason: 'misconduct', revokedAt: NOW })
  expect(certificate.events).toEqual([{ definition: CertificateRevoked, data: names }])
})
