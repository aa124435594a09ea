import { z } from 'zod'

/**
 * Schema of a prefixed UUIDv7: `id('crs')` accepts `crs_01923c5e-...`. The inferred type keeps the prefix, so that a
 * course id cannot be passed where an enrollment id is due.
 */
export const id = <P extends string>(prefix: P) =>
  z.templateLiteral([prefix, '_', z.uuid({ version: 'v7' })], `Must be an id that begins with ${prefix}_.`)

/** Source of new ids; a port, so that the domain stays pure and the simulation repeatable. */
export interface Ids {
  next<P extends string>(prefix: P): `${P}_${string}`
}

export const UserId = id('usr')
export type UserId = z.infer<typeof UserId>
export const SessionId = id('ses')
export type SessionId = z.infer<typeof SessionId>
export const CourseId = id('crs')
export type CourseId = z.infer<typeof CourseId>
export const SectionId = id('sec')
export type SectionId = z.infer<typeof SectionId>
export const LessonId = id('les')
export type LessonId = z.infer<typeof LessonId>
export const CourseRunId = id('run')
export type CourseRunId = z.infer<typeof CourseRunId>
export const EnrollmentId = id('enr')
export type EnrollmentId = z.infer<typeof EnrollmentId>
export const WaitlistEntryId = id('wte')
export type WaitlistEntryId = z.infer<typeof WaitlistEntryId>
export const CertificateId = id('crt')
export type CertificateId = z.infer<typeof CertificateId>
export const QuizId = id('quz')
export type QuizId = z.infer<typeof QuizId>
export const QuizAttemptId = id('qat')
export type QuizAttemptId = z.infer<typeof QuizAttemptId>
export const ReviewId = id('rev')
export type ReviewId = z.infer<typeof ReviewId>
export const PaymentId = id('pay')
export type PaymentId = z.infer<typeof PaymentId>
export const PurchaseId = id('pur')
export type PurchaseId = z.infer<typeof PurchaseId>
export const RefundId = id('rfn')
export type RefundId = z.infer<typeof RefundId>
export const CouponId = id('cpn')
export type CouponId = z.infer<typeof CouponId>
export const PayoutId = id('pyt')
export type PayoutId = z.infer<typeof PayoutId>
export const InvoiceId = id('inv')
export type InvoiceId = z.infer<typeof InvoiceId>
export const ExportId = id('exp')
export type ExportId = z.infer<typeof ExportId>
export const ErasureId = id('ers')
export type ErasureId = z.infer<typeof ErasureId>
