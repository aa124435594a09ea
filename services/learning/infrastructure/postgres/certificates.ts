import { eq, type InferSelectModel, sql } from 'drizzle-orm'
import { Certificate, type CertificateState } from '#domain/learning/certificate.ts'
import { VerifyCode } from '#domain/learning/verify-code.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { CertificateRepository } from '../../progress-ports.ts'
import { certificates } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const stateOf = (row: InferSelectModel<typeof certificates>): CertificateState => {
  const { version: _, status, revokedAt, revocationReason: reason, verifyCode, ...named } = row
  const facts = { ...named, verifyCode: VerifyCode.parse(verifyCode) }
  if (status === 'ISSUED') return { ...facts, status }
  if (revokedAt === null || reason === null) throw new Error(`${row.id} is revoked and does not say when and why.`)
  return { ...facts, status, revokedAt, reason }
}

export const certificateOf = (row: InferSelectModel<typeof certificates>): Certificate =>
  Certificate.restore(stateOf(row), row.version)

const insert = prepareWrite(
  'a certificate',
  sql`
  insert into ${certificates} (id, enrollment_id, course_id, student_id, verify_code, learner_name, course_title,
    issued_at, status, version)
  values (${value('id')}, ${value('enrollmentId')}, ${value('courseId')}, ${value('studentId')}, ${value('verifyCode')},
    ${value('learnerName')}, ${value('courseTitle')}, ${value('issuedAt')}, ${value('status')}, 1)`,
)

const update = prepareWrite(
  'a certificate',
  sql`
  update ${certificates} set learner_name = ${value('learnerName')}, status = ${value('status')}, revoked_at = ${value('revokedAt')},
    revocation_reason = ${value('reason')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

export const createPostgresCertificates = ({ drizzle: db }: Database): CertificateRepository => {
  const byCode = db
    .select()
    .from(certificates)
    .where(eq(certificates.verifyCode, value('code')))
    .prepare('certificate_by_code')
  const ofEnrollment = db
    .select()
    .from(certificates)
    .where(eq(certificates.enrollmentId, value('enrollmentId')))
    .prepare('certificate_of_enrollment')

  return {
    byCode: async (code) => (await byCode.execute({ code })).map(certificateOf)[0],
    ofEnrollment: async (enrollmentId) => (await ofEnrollment.execute({ enrollmentId })).map(certificateOf)[0],
    save: (tx, certificate) => {
      const unit = postgresOf(tx)
      const { version } = certificate
      if (version === 0) unit.write(insert, { ...certificate.state })
      else unit.write(update, { revokedAt: null, reason: null, ...certificate.state, version })
      unit.raise(certificate)
    },
  }
}
