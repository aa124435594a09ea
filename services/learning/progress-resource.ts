import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { CourseId, EnrollmentId, LessonId } from '#domain/kernel/ids.ts'
import type { Section } from '#domain/learning/curriculum.ts'
import type { Progress } from '#domain/learning/progress.ts'
import { VerifyCode } from '#domain/learning/verify-code.ts'

/** What HTTP shows of a learner's progress. */
export const ProgressResource = z.object({
  enrollmentId: EnrollmentId,
  courseId: CourseId,
  progressPct: z.int().min(0).max(100).describe('Of the required lessons that are published now, rounded down.'),
  completedLessons: z.array(z.object({ lessonId: LessonId, completedAt: Instant })).max(5_000),
  /** When the last required lesson was done. */
  finishedAt: Instant.optional(),
})
export type ProgressResource = z.infer<typeof ProgressResource>

export const progressResource = (progress: Progress, sections: readonly Section[]): ProgressResource => {
  const { id, courseId, completed, finishedAt } = progress.state
  return {
    enrollmentId: id,
    courseId,
    progressPct: progress.percentOf(sections),
    completedLessons: [...completed],
    finishedAt,
  }
}

/** What anybody who has its code sees of a certificate. */
export const CertificateResource = z.object({
  verifyCode: VerifyCode,
  learnerName: z.string().max(200),
  courseId: CourseId,
  courseTitle: z.string().max(200),
  issuedAt: Instant,
})
export type CertificateResource = z.infer<typeof CertificateResource>
