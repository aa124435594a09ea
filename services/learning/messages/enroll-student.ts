import type { Instant } from '#domain/kernel/clock.ts'
import type { CourseRunId, Ids, UserId } from '#domain/kernel/ids.ts'
import { Enrollment } from '#domain/learning/enrollment.ts'
import { ExtensionInPast, GrantInUse, RunNotFound } from '#domain/learning/errors.ts'
import type { WaitlistEntry } from '#domain/learning/waitlist.ts'
import { answer } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { type EnrollmentRepository, Enrollments } from '../enrollment-ports.ts'

interface Student {
  readonly courseRunId: CourseRunId
  readonly studentId: UserId
}

/** The learner's place in the run: the one they have, or a new one in a free seat. */
const placeOf = async (
  { courseRunId, studentId }: Student,
  enrollments: EnrollmentRepository,
  ids: Ids,
  now: Instant,
): Promise<{ readonly enrollment: Enrollment; readonly entries: readonly WaitlistEntry[] }> => {
  const admission = await enrollments.admission(courseRunId, studentId)
  if (!admission) throw RunNotFound(courseRunId)
  const { live, run, entry } = admission
  const known = live && (await enrollments.load(live))
  if (known) return { enrollment: known, entries: [] }
  const enrollment = Enrollment.request(ids.next('enr'), run, studentId, now, entry)
  return { enrollment, entries: entry?.status === 'ENROLLED' ? [entry] : [] }
}

/** Seat, enrollment and grant are one flush; a seat that was lost meanwhile runs this again, and `RunFull` is thrown. */
export const enrollStudent = answer(
  Learning.EnrollStudent,
  { enrollments: Enrollments },
  async ({ data: { courseRunId, studentId, grant }, tx, now, ids }, { enrollments }) => {
    const used = await enrollments.byGrant(grant)
    if (used) {
      const { id: enrollmentId, status, state } = used
      if (state.courseRunId !== courseRunId || state.studentId !== studentId) throw GrantInUse(enrollmentId)
      return { enrollmentId, status }
    }
    if (grant.validUntil !== undefined && grant.validUntil <= now) throw ExtensionInPast()
    const { enrollment, entries } = await placeOf({ courseRunId, studentId }, enrollments, ids, now)
    enrollment.activate({ ...grant, validFrom: now })
    enrollments.save(tx, enrollment, entries)
    return { enrollmentId: enrollment.id, status: enrollment.status }
  },
)
