import type { CourseId, EnrollmentId, UserId } from '#domain/kernel/ids.ts'
import type { Certificate } from '#domain/learning/certificate.ts'
import type { EnrollmentStatus } from '#domain/learning/enrollment-state.ts'
import type { Progress } from '#domain/learning/progress.ts'
import type { VerifyCode } from '#domain/learning/verify-code.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'

/** The progress of one enrollment and what became of that. */
export interface Attempt {
  readonly status: EnrollmentStatus
  readonly progress: Progress
}

export interface ProgressRepository {
  /** Undefined before the first lesson. */
  load(enrollmentId: EnrollmentId): Promise<Progress | undefined>
  /** Through any run of the course. */
  ofLearner(courseId: CourseId, studentId: UserId): Promise<readonly Attempt[]>
  /** Another lesson that was completed since it was loaded is a conflict. */
  save(tx: UnitOfWork, progress: Progress): void
}
export const ProgressRepository = token<ProgressRepository>('learning.ProgressRepository')

export interface CertificateRepository {
  byCode(code: VerifyCode): Promise<Certificate | undefined>
  ofEnrollment(enrollmentId: EnrollmentId): Promise<Certificate | undefined>
  /** A second one for an enrollment is a conflict. */
  save(tx: UnitOfWork, certificate: Certificate): void
}
export const CertificateRepository = token<CertificateRepository>('learning.CertificateRepository')

export interface VerifyCodes {
  /** One that nobody can foresee. */
  next(): VerifyCode
}
export const VerifyCodes = token<VerifyCodes>('learning.VerifyCodes')
