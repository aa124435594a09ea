import { Certificate } from '#domain/learning/certificate.ts'
import { EnrollmentNotCompleted, EnrollmentNotFound } from '#domain/learning/errors.ts'
import { answerWithCall } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Users } from '#bus/patterns/user.ts'
import { Requester } from '#services/kit/ports.ts'
import { Enrollments } from '../enrollment-ports.ts'
import { CourseQueries } from '../ports.ts'
import { CertificateRepository, VerifyCodes } from '../progress-ports.ts'

/** The name is that of the day, asked of the user service; without an account nobody is left to certify. */
export const issueCertificate = answerWithCall(
  Learning.IssueCertificate,
  {
    enrollments: Enrollments,
    courses: CourseQueries,
    requester: Requester,
    certificates: CertificateRepository,
    codes: VerifyCodes,
  },
  async ({ data: { enrollmentId }, origin }, { enrollments, requester }) => {
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    const { studentId } = enrollment.state
    const { profiles } = await requester.request(Users.GetPublicProfiles, { userIds: [studentId] }, { origin })
    return profiles.find(({ userId }) => userId === studentId)?.displayName
  },
  async (
    { data: { enrollmentId }, called: learnerName, tx, now, ids },
    { enrollments, courses, certificates, codes },
  ) => {
    const known = await certificates.ofEnrollment(enrollmentId)
    if (known) return { certificateId: known.id }
    if (learnerName === undefined) return {}
    const enrollment = await enrollments.load(enrollmentId)
    if (!enrollment) throw EnrollmentNotFound(enrollmentId)
    if (enrollment.status !== 'COMPLETED') throw EnrollmentNotCompleted(enrollmentId)
    const { courseId, studentId } = enrollment.state
    const course = await courses.course(courseId)
    if (!course?.title) throw new Error(`${enrollmentId} is completed, and ${courseId} has no title.`)
    const certificate = Certificate.issue({
      id: ids.next('crt'),
      enrollmentId,
      courseId,
      studentId,
      verifyCode: codes.next(),
      learnerName,
      courseTitle: course.title,
      issuedAt: now,
    })
    certificates.save(tx, certificate)
    return { certificateId: certificate.id }
  },
)
