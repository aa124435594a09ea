import { domainError, type FieldProblem } from '../kernel/errors.ts'
import type {
  CourseId,
  CourseRunId,
  EnrollmentId,
  LessonId,
  QuizAttemptId,
  QuizId,
  WaitlistEntryId,
} from '../kernel/ids.ts'

export const CourseNotFound = domainError('COURSE_NOT_FOUND', 'not_found', (id: string) => `There is no course ${id}.`)
export const NotCourseOwner = domainError(
  'NOT_COURSE_OWNER',
  'forbidden',
  (id: CourseId) => `Only the owner of ${id} and admins can change it.`,
)
/** Lists everything that is missing at once, one pointer each. */
export const CourseNotPublishable = domainError(
  'COURSE_NOT_PUBLISHABLE',
  'unprocessable',
  (id: CourseId, _missing: readonly FieldProblem[]) => `${id} cannot be published yet; see errors for what is missing.`,
  (_id, missing) => ({ fields: missing }),
)
export const CourseNotPublished = domainError(
  'COURSE_NOT_PUBLISHED',
  'conflict',
  (id: CourseId) => `${id} is not published.`,
)
export const CourseIsArchived = domainError(
  'COURSE_ARCHIVED',
  'conflict',
  (id: CourseId) => `${id} is archived and cannot change any more.`,
)
export const SlugTaken = domainError(
  'SLUG_TAKEN',
  'conflict',
  (slug: string) => `Another course has or had the slug ${slug}.`,
)
export const SubjectUnknown = domainError(
  'SUBJECT_UNKNOWN',
  'unprocessable',
  (slug: string) => `There is no subject ${slug}.`,
  () => ({ fields: [{ pointer: '/subject', detail: 'Choose one of the subjects that exist.' }] }),
)
export const CurriculumInvalid = domainError(
  'CURRICULUM_INVALID',
  'unprocessable',
  (_problems: readonly FieldProblem[]) => 'The curriculum breaks a rule; see errors.',
  (problems) => ({ fields: problems }),
)

export const RunNotFound = domainError(
  'RUN_NOT_FOUND',
  'not_found',
  (id: CourseRunId) => `There is no course run ${id}.`,
)
export const RunNotOpen = domainError(
  'RUN_NOT_OPEN',
  'conflict',
  (id: CourseRunId) => `${id} does not take enrollments now.`,
)
export const RunFull = domainError('RUN_FULL', 'conflict', (id: CourseRunId) => `No seat is left in ${id}.`)
export const RunNotFull = domainError(
  'RUN_NOT_FULL',
  'conflict',
  (id: CourseRunId) => `${id} has a free seat: enroll in it.`,
)
export const AlreadyWaiting = domainError(
  'ALREADY_WAITING',
  'conflict',
  (id: CourseRunId) => `The learner is already on the waitlist of ${id}.`,
)
export const NotOnWaitlist = domainError(
  'NOT_ON_WAITLIST',
  'not_found',
  (id: CourseRunId) => `The learner is not on the waitlist of ${id}.`,
)
export const WaitlistEntryNotFound = domainError(
  'WAITLIST_ENTRY_NOT_FOUND',
  'not_found',
  (id: WaitlistEntryId) => `There is no waitlist entry ${id}.`,
)
export const RunDatesInvalid = domainError(
  'RUN_DATES_INVALID',
  'unprocessable',
  (_problems: readonly FieldProblem[]) => 'The dates of the run do not fit together; see errors.',
  (problems) => ({ fields: problems }),
)
export const RunCapacityBelowTaken = domainError(
  'RUN_CAPACITY_BELOW_TAKEN',
  'conflict',
  (id: CourseRunId, inUse: number) => `${inUse} seats of ${id} are taken or held; the capacity cannot go below that.`,
  (_id, inUse) => ({ fields: [{ pointer: '/capacity', detail: `At least ${inUse}.` }] }),
)
/** A seat counter would go below zero: its caller's books are wrong, so nothing is written. */
export const SeatNotCounted = domainError(
  'SEAT_NOT_COUNTED',
  'internal',
  (id: CourseRunId, move: string) => `${id} has no seat to ${move}.`,
)

export const EnrollmentNotFound = domainError(
  'ENROLLMENT_NOT_FOUND',
  'not_found',
  (id: EnrollmentId) => `There is no enrollment ${id}.`,
)
export const EnrollmentClosed = domainError(
  'ENROLLMENT_CLOSED',
  'conflict',
  (id: EnrollmentId, status: string) => `${id} is ${status.toLowerCase()}.`,
)
export const AlreadyEnrolled = domainError(
  'ALREADY_ENROLLED',
  'conflict',
  (id: CourseRunId) => `The learner is already enrolled in ${id}.`,
)
export const NothingToExtend = domainError(
  'NOTHING_TO_EXTEND',
  'conflict',
  (id: EnrollmentId) => `${id} has given no access yet.`,
)
export const ExtensionInPast = domainError(
  'EXTENSION_IN_PAST',
  'unprocessable',
  () => 'Access can be extended only to a time that is still to come.',
  () => ({ fields: [{ pointer: '/until', detail: 'Not in the future.' }] }),
)
/** A reference stands for one place of one learner. */
export const GrantInUse = domainError('GRANT_IN_USE', 'conflict', (id: EnrollmentId) => `This grant belongs to ${id}.`)
export const GrantRevoked = domainError(
  'GRANT_REVOKED',
  'conflict',
  (id: EnrollmentId) => `This grant of ${id} was revoked.`,
)
export const PaymentMismatch = domainError(
  'PAYMENT_MISMATCH',
  'conflict',
  (id: EnrollmentId) => `${id} is being paid with another payment.`,
)
export const NotVerified = domainError(
  'EMAIL_NOT_VERIFIED',
  'unprocessable',
  () => 'Verify the e-mail address of the account to enroll.',
)
export const CancellationWindowClosed = domainError(
  'CANCELLATION_WINDOW_CLOSED',
  'conflict',
  (id: EnrollmentId, until: string) => `${id} could be cancelled until ${until}.`,
)
export const NotEnrolled = domainError(
  'NOT_ENROLLED',
  'forbidden',
  (id: CourseId) => `Enroll in ${id} to see its content.`,
)
export const LessonNotFound = domainError(
  'LESSON_NOT_FOUND',
  'not_found',
  (id: LessonId) => `There is no lesson ${id}.`,
)
export const LessonGated = domainError(
  'LESSON_GATED',
  'conflict',
  (id: LessonId) => `${id} opens once the lessons before it are completed.`,
)
export const QuizNotPassed = domainError(
  'QUIZ_NOT_PASSED',
  'conflict',
  (id: LessonId) => `${id} is completed once its quiz is passed.`,
)
export const EnrollmentNotCompleted = domainError(
  'ENROLLMENT_NOT_COMPLETED',
  'conflict',
  (id: EnrollmentId) => `${id} is not completed.`,
)
export const QuizNotFound = domainError('QUIZ_NOT_FOUND', 'not_found', (id: string) => `There is no quiz ${id}.`)
export const QuizInvalid = domainError(
  'QUIZ_INVALID',
  'unprocessable',
  (_problems: readonly FieldProblem[]) => 'The quiz cannot be asked as it stands; see errors.',
  (problems) => ({ fields: problems }),
)
export const NoAttemptsLeft = domainError(
  'NO_ATTEMPTS_LEFT',
  'conflict',
  (id: QuizId, most: number) => `${id} may be attempted ${most} times.`,
)
export const AttemptNotFound = domainError(
  'ATTEMPT_NOT_FOUND',
  'not_found',
  (id: QuizAttemptId) => `There is no attempt ${id}.`,
)
/** Graded already, or its time is over. */
export const AttemptClosed = domainError('ATTEMPT_CLOSED', 'conflict', (id: QuizAttemptId) => `${id} is closed.`)
export const AnswersInvalid = domainError(
  'ANSWERS_INVALID',
  'unprocessable',
  (_problems: readonly FieldProblem[]) => 'Some answers do not fit their questions; see errors.',
  (problems) => ({ fields: problems }),
)
export const CertificateNotFound = domainError(
  'CERTIFICATE_NOT_FOUND',
  'not_found',
  () => 'There is no certificate with this code.',
)
/** Somebody shows a certificate that counts no longer. */
export const CertificateWithdrawn = domainError(
  'CERTIFICATE_REVOKED',
  'gone',
  (code: string) => `The certificate ${code} was revoked.`,
)
