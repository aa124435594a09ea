import { randomUUID } from 'node:crypto'
import { openTerms } from './courses.ts'
import type { Person } from './people.ts'
import type { Resources } from './scene.ts'

/** What a request of the table sends, where it depends on who asks. */
export interface Sender {
  /** A session that may end. */
  readonly spare: Person
  readonly resources: Resources
}

/** One question about an operation: what it is asked about, and how each principal is answered. */
export interface PolicyCase {
  readonly state: string
  /** The value of each path parameter: a resource by its name, or the text behind a `=`. */
  readonly path?: Readonly<Record<string, keyof Resources | `=${string}`>>
  readonly query?: string
  readonly body?: object | ((sender: Sender) => object)
  /** In place of `body`: signed bodies are no objects. */
  readonly raw?: string
  /** Asks with the session that may end. */
  readonly spare?: true
  /**
   * The statuses for anonymous, support, learner, otherTutor, owner, tutor and admin, asked in this order. A rule's
   * refusal (409, 412, 422) stands for "allowed" where a success would change what the next one is asked about; `-` is
   * not asked.
   */
  readonly verdicts: string
}

const EVERYBODY = (status: number) => Array.from({ length: 7 }, () => status).join(' ')
const SIGNED_IN = (status: number) => `401 ${Array.from({ length: 6 }, () => status).join(' ')}`
const ADMIN = (status: number) => `401 403 403 403 403 403 ${status}`
const STAFF = (status: number) => `401 ${status} 403 403 403 403 ${status}`
/** Who teaches may write, each their own. */
const WRITERS = (status: number) => `401 403 403 ${status} 403 ${status} ${status}`
/** A foreign draft does not exist; a published course is known to, but not theirs. */
const OWN_DRAFT = (status: number) => `401 403 403 404 403 ${status} ${status}`
const OWN_COURSE = (status: number) => `401 403 403 403 403 ${status} ${status}`
const READ_OWN_COURSE = '401 200 403 404 403 200 200'
const PAYER_AND_STAFF = '401 200 404 404 200 404 200'

const anything = (): string => randomUUID()
const unknownRefund = { money: { amount: 99_999_999, currency: 'EUR' } }
const terms = openTerms({ amount: 2500, currency: 'EUR' }, 20)
const outline = {
  sections: [{ title: 'First', lessons: [{ title: 'One', content: { kind: 'markdown', markdown: 'Text.' } }] }],
}
const LESSON = '=les_01950000-0000-7000-8000-000000000001'
const EXPORT = '=exp_01950000-0000-7000-8000-000000000001'
const REVIEW = '=rev_01950000-0000-7000-8000-000000000001'
const ATTEMPT = '=qat_01950000-0000-7000-8000-000000000001'
const quiz = {
  title: 'A quiz',
  questions: [{ kind: 'text', prompt: 'What?', accepted: ['That'] }],
  passPercent: 50,
}
const profile = { displayName: 'Some Body', bio: 'Teaches.', locale: 'en', timezone: 'UTC', slug: null }
const importItem = () => ({
  url: `https://example.org/courses/${anything()}`,
  title: 'From a list',
  language: 'en',
  subject: { slug: 'programming', name: 'Programming' },
  provider: 'Example',
})

const users: Readonly<Record<string, readonly PolicyCase[]>> = {
  createUser: [
    {
      state: 'a new address',
      body: () => ({
        email: `${anything()}@example.org`,
        password: `pass-${anything()}`,
        displayName: 'New Body',
        locale: 'en',
        timezone: 'UTC',
      }),
      verdicts: EVERYBODY(201),
    },
  ],
  login: [
    {
      state: 'the right password',
      body: ({ spare: { email, password } }) => ({ email, password }),
      verdicts: EVERYBODY(200),
    },
  ],
  refreshSession: [
    {
      state: 'the newest token',
      body: ({ spare: { refreshToken } }) => ({ refreshToken }),
      verdicts: EVERYBODY(200),
    },
  ],
  logout: [{ state: 'a live session', spare: true, verdicts: SIGNED_IN(204) }],
  verifyEmail: [{ state: 'an unknown token', body: { token: 'ott_unknown~token' }, verdicts: EVERYBODY(410) }],
  requestPasswordReset: [
    { state: 'an unknown address', body: () => ({ email: `${anything()}@example.org` }), verdicts: EVERYBODY(202) },
  ],
  resetPassword: [
    {
      state: 'an unknown token',
      body: { token: 'ott_unknown~token', password: 'a new password' },
      verdicts: EVERYBODY(410),
    },
  ],
  requestEmailChange: [
    {
      state: 'the wrong password',
      body: { email: 'other@example.org', password: 'not this one' },
      verdicts: SIGNED_IN(422),
    },
  ],
  requestVerification: [{ state: 'a verified address', verdicts: SIGNED_IN(202) }],
  getMe: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  updateMe: [{ state: 'another version', body: { displayName: 'Some One' }, verdicts: SIGNED_IN(412) }],
  getMyProfile: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  replaceMyProfile: [{ state: 'another version', body: profile, verdicts: SIGNED_IN(412) }],
  listMyConsents: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  recordConsent: [
    {
      state: 'a purpose',
      path: { purpose: '=analytics' },
      body: { given: true, documentVersion: '2026-01' },
      verdicts: SIGNED_IN(200),
    },
  ],
  listMySessions: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  // Whoever is signed in may; who does it asks nothing more (remaining-successes.ts).
  deleteMe: [{ state: 'their own', verdicts: '401 - - - - - -' }],
  exportMyData: [{ state: 'their own', verdicts: SIGNED_IN(202) }],
  getMyExport: [{ state: 'an unknown one', path: { exportId: EXPORT }, verdicts: SIGNED_IN(404) }],
  getErasure: [{ state: 'of somebody', path: { erasureId: 'erasure' }, verdicts: EVERYBODY(200) }],
  revokeSession: [
    { state: "the owner's", path: { sessionId: 'ownerSession' }, verdicts: '401 404 404 404 204 404 404' },
  ],
  listUsers: [{ state: 'all', verdicts: STAFF(200) }],
  getUser: [{ state: 'somebody', path: { userId: 'owner' }, verdicts: STAFF(200) }],
  getPublicProfile: [{ state: 'somebody', path: { userId: 'owner' }, verdicts: EVERYBODY(200) }],
  assignRoles: [
    { state: 'the roles they have', path: { userId: 'owner' }, body: { roles: ['learner'] }, verdicts: ADMIN(200) },
  ],
  suspendUser: [{ state: 'somebody', path: { userId: 'suspect' }, body: { reason: 'policy' }, verdicts: ADMIN(200) }],
  getJwks: [{ state: 'the keys', verdicts: EVERYBODY(200) }],
  listMailbox: [{ state: 'of a development platform', query: '?to=nobody@example.org', verdicts: EVERYBODY(200) }],
}

const courses: Readonly<Record<string, readonly PolicyCase[]>> = {
  createCourse: [{ state: 'a draft of their own', body: { title: 'New', language: 'en' }, verdicts: WRITERS(201) }],
  listCourses: [
    { state: 'their own', verdicts: '401 200 403 200 403 200 200' },
    { state: 'everybody’s', query: '?of=everybody', verdicts: '401 200 403 403 403 403 200' },
  ],
  getCourse: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: READ_OWN_COURSE },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: READ_OWN_COURSE },
  ],
  updateCourse: [
    { state: 'a draft', path: { courseId: 'draft' }, body: { title: 'Other' }, verdicts: OWN_DRAFT(412) },
    { state: 'a published course', path: { courseId: 'course' }, body: { title: 'Other' }, verdicts: OWN_COURSE(412) },
  ],
  publishCourse: [
    { state: 'a draft without lessons', path: { courseId: 'draft' }, verdicts: OWN_DRAFT(422) },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: OWN_COURSE(200) },
  ],
  archiveCourse: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: OWN_DRAFT(409) },
    { state: 'a published course', path: { courseId: 'retiring' }, verdicts: OWN_COURSE(200) },
  ],
  putCurriculum: [
    { state: 'a draft', path: { courseId: 'draft' }, body: outline, verdicts: OWN_DRAFT(412) },
    { state: 'a published course', path: { courseId: 'course' }, body: outline, verdicts: OWN_COURSE(412) },
  ],
  getCurriculum: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: READ_OWN_COURSE },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: READ_OWN_COURSE },
  ],
  openCourseRun: [
    { state: 'a draft', path: { courseId: 'draft' }, body: terms, verdicts: OWN_DRAFT(201) },
    { state: 'a published course', path: { courseId: 'course' }, body: terms, verdicts: OWN_COURSE(201) },
  ],
  listCourseRuns: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: READ_OWN_COURSE },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: READ_OWN_COURSE },
  ],
  getCourseRun: [
    { state: 'of a draft', path: { courseRunId: 'draftRun' }, verdicts: READ_OWN_COURSE },
    { state: 'of a published course', path: { courseRunId: 'run' }, verdicts: READ_OWN_COURSE },
  ],
  updateCourseRun: [
    { state: 'of a draft', path: { courseRunId: 'draftRun' }, body: { capacity: 6 }, verdicts: OWN_DRAFT(412) },
    { state: 'of a published course', path: { courseRunId: 'run' }, body: { capacity: 12 }, verdicts: OWN_COURSE(412) },
  ],
  listTutorCourses: [{ state: 'published ones', path: { tutorId: 'tutor' }, verdicts: EVERYBODY(200) }],
  listSubjects: [{ state: 'all', verdicts: EVERYBODY(200) }],
  importCourses: [{ state: 'a new address', body: () => ({ items: [importItem()] }), verdicts: ADMIN(200) }],
}

const enrollments: Readonly<Record<string, readonly PolicyCase[]>> = {
  requestEnrollment: [
    { state: 'a run of a draft', path: { courseRunId: 'draftRun' }, body: {}, verdicts: SIGNED_IN(404) },
    { state: 'a full run', path: { courseRunId: 'fullRun' }, verdicts: SIGNED_IN(409) },
    { state: 'a free run', path: { courseRunId: 'freeRun' }, verdicts: SIGNED_IN(202) },
  ],
  joinWaitlist: [
    { state: 'of a run of a draft', path: { courseRunId: 'draftRun' }, verdicts: SIGNED_IN(404) },
    { state: 'of a run with free seats', path: { courseRunId: 'freeRun' }, verdicts: SIGNED_IN(409) },
    { state: 'of a full run', path: { courseRunId: 'fullRun' }, verdicts: '401 201 201 201 409 201 201' },
  ],
  getWaitlistPlace: [
    { state: 'of a full run', path: { courseRunId: 'fullRun' }, verdicts: '401 200 200 200 404 200 200' },
  ],
  leaveWaitlist: [
    { state: 'of a full run', path: { courseRunId: 'fullRun' }, verdicts: '401 204 204 204 404 204 204' },
  ],
  cancelEnrollment: [
    { state: 'one in force', path: { enrollmentId: 'enrollment' }, verdicts: '401 404 404 404 - 404 404' },
    { state: 'one that was left', path: { enrollmentId: 'leftEnrollment' }, verdicts: '401 404 404 404 202 404 404' },
  ],
  extendAccess: [
    {
      state: 'one in force',
      path: { enrollmentId: 'enrollment' },
      body: { until: '2100-01-01T00:00:00.000Z' },
      verdicts: ADMIN(200),
    },
    {
      state: 'one that was left',
      path: { enrollmentId: 'leftEnrollment' },
      body: { until: '2100-01-01T00:00:00.000Z' },
      verdicts: ADMIN(409),
    },
  ],
  getEnrollment: [
    { state: 'one in force', path: { enrollmentId: 'enrollment' }, verdicts: '401 404 404 404 200 200 200' },
    { state: 'one that was left', path: { enrollmentId: 'leftEnrollment' }, verdicts: '401 404 404 404 200 200 200' },
  ],
  listMyEnrollments: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  listCourseEnrollments: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: '401 404 403 404 403 200 200' },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: '401 403 403 403 403 200 200' },
  ],
  completeLesson: [
    {
      state: 'one that was left',
      path: { enrollmentId: 'leftEnrollment', lessonId: '=les_01950000-0000-7000-8000-000000000001' },
      verdicts: '401 404 404 404 403 404 404',
    },
  ],
  getProgress: [
    { state: 'one in force', path: { enrollmentId: 'enrollment' }, verdicts: '401 404 404 404 200 200 200' },
  ],
  getCertificate: [{ state: 'an unknown code', path: { code: '=AAAAA' }, verdicts: EVERYBODY(404) }],
  revokeCertificate: [
    {
      state: 'an unknown code',
      path: { code: '=AAAAA' },
      body: { reason: 'issued_in_error' },
      verdicts: ADMIN(404),
    },
  ],
  listReviews: [
    { state: 'of a course', query: '?target=crs_01950000-0000-7000-8000-000000000001', verdicts: EVERYBODY(200) },
  ],
  getMyReview: [{ state: 'nobody wrote', path: { courseId: 'course' }, verdicts: SIGNED_IN(404) }],
  putMyReview: [
    { state: 'a draft', path: { courseId: 'draft' }, body: { stars: 4 }, verdicts: SIGNED_IN(404) },
    { state: 'nothing learnt yet', path: { courseId: 'course' }, body: { stars: 4 }, verdicts: SIGNED_IN(403) },
  ],
  withdrawMyReview: [{ state: 'nobody wrote', path: { courseId: 'course' }, verdicts: SIGNED_IN(404) }],
  replyToReview: [
    {
      state: 'an unknown one',
      path: { reviewId: REVIEW },
      body: { text: 'Thanks.' },
      verdicts: WRITERS(404),
    },
  ],
  voteForReview: [{ state: 'an unknown one', path: { reviewId: REVIEW }, verdicts: SIGNED_IN(404) }],
  withdrawVote: [{ state: 'an unknown one', path: { reviewId: REVIEW }, verdicts: SIGNED_IN(404) }],
  reportReview: [
    { state: 'an unknown one', path: { reviewId: REVIEW }, body: { reason: 'spam' }, verdicts: SIGNED_IN(404) },
  ],
  listReportedReviews: [{ state: 'all', verdicts: ADMIN(200) }],
  moderateReview: [
    {
      state: 'an unknown one',
      path: { reviewId: REVIEW },
      body: { verdict: 'hide' },
      verdicts: ADMIN(404),
    },
  ],
  getWrittenQuiz: [{ state: 'of an unknown lesson', path: { lessonId: LESSON }, verdicts: WRITERS(404) }],
  putQuiz: [{ state: 'of an unknown lesson', path: { lessonId: LESSON }, body: quiz, verdicts: WRITERS(404) }],
  getQuiz: [
    {
      state: 'an unknown one',
      path: { quizId: '=quz_01950000-0000-7000-8000-000000000001' },
      verdicts: SIGNED_IN(404),
    },
  ],
  startQuizAttempt: [
    {
      state: 'an unknown one',
      path: { quizId: '=quz_01950000-0000-7000-8000-000000000001' },
      verdicts: SIGNED_IN(404),
    },
  ],
  getQuizAttempt: [{ state: 'an unknown one', path: { attemptId: ATTEMPT }, verdicts: SIGNED_IN(404) }],
  submitQuizAttempt: [
    { state: 'an unknown one', path: { attemptId: ATTEMPT }, body: { answers: [] }, verdicts: SIGNED_IN(404) },
  ],
  getCourseContent: [
    { state: 'a draft', path: { courseId: 'draft' }, verdicts: '401 404 404 404 404 200 200' },
    { state: 'a published course', path: { courseId: 'course' }, verdicts: '401 403 403 403 200 200 200' },
  ],
}

const payments: Readonly<Record<string, readonly PolicyCase[]>> = {
  getPayment: [{ state: 'a completed one', path: { paymentId: 'payment' }, verdicts: PAYER_AND_STAFF }],
  listPayments: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  cancelPayment: [
    { state: 'a completed one', path: { paymentId: 'payment' }, verdicts: '401 404 404 404 409 404 404' },
  ],
  requestRefund: [
    {
      state: 'more than was paid',
      path: { paymentId: 'payment' },
      body: unknownRefund,
      verdicts: '401 404 404 404 422 404 422',
    },
  ],
  getRefund: [{ state: 'of a part', path: { refundId: 'refund' }, verdicts: PAYER_AND_STAFF }],
  listLedgerEntries: [{ state: 'an account', query: '?account=platform', verdicts: ADMIN(200) }],
  quotePurchase: [
    { state: 'without a coupon', body: ({ resources }) => ({ courseRunId: resources.run }), verdicts: SIGNED_IN(200) },
  ],
  createCoupon: [
    {
      state: 'for every course',
      body: () => ({ code: anything().slice(0, 20), discount: { kind: 'percent', percent: 10 } }),
      verdicts: '401 403 403 422 403 422 201',
    },
  ],
  getCoupon: [{ state: 'of a tutor', path: { couponId: 'coupon' }, verdicts: '401 403 403 404 403 200 200' }],
  updateCoupon: [
    {
      state: 'of a tutor',
      path: { couponId: 'coupon' },
      body: { disabled: false },
      verdicts: '401 403 403 404 403 412 412',
    },
  ],
  listInvoices: [{ state: 'their own', verdicts: SIGNED_IN(200) }],
  getInvoice: [{ state: 'for a payment', path: { invoiceId: 'invoice' }, verdicts: PAYER_AND_STAFF }],
  listDisputes: [{ state: 'all', verdicts: ADMIN(200) }],
  getMyEarnings: [{ state: 'their own', verdicts: WRITERS(200) }],
  setPayoutAccount: [{ state: 'their own', body: { accountId: 'acct_1032D82eZvKYlo2C' }, verdicts: WRITERS(200) }],
  listMyPayouts: [{ state: 'their own', verdicts: WRITERS(200) }],
  listPayouts: [{ state: 'all', verdicts: ADMIN(200) }],
  startReconciliation: [{ state: 'now', body: {}, verdicts: ADMIN(202) }],
  getReconciliation: [{ state: 'one', path: { reconciliationId: 'reconciliation' }, verdicts: ADMIN(200) }],
  receiveWebhook: [
    { state: 'an unsigned body', path: { provider: '=stripe' }, raw: '{"id":"evt_1"}', verdicts: EVERYBODY(400) },
    { state: 'no such provider', path: { provider: '=paypal' }, raw: '{"id":"evt_1"}', verdicts: EVERYBODY(404) },
  ],
}

const busOf = (title: 'User' | 'Learning' | 'Payment', letter: keyof Resources) => ({
  [`get${title}Bus`]: [{ state: 'now', verdicts: ADMIN(200) }],
  [`list${title}DeadLetters`]: [{ state: 'all', verdicts: ADMIN(200) }],
  [`get${title}DeadLetter`]: [{ state: 'one', path: { deadLetterId: letter }, verdicts: ADMIN(200) }],
  [`redrive${title}DeadLetter`]: [
    { state: 'one that fails again', path: { deadLetterId: letter }, verdicts: ADMIN(409) },
  ],
  [`drop${title}DeadLetter`]: [{ state: 'one', path: { deadLetterId: letter }, verdicts: ADMIN(204) }],
})

const operations: Readonly<Record<string, readonly PolicyCase[]>> = {
  listLearningSagas: [{ state: 'all', verdicts: ADMIN(200) }],
  getLearningSaga: [{ state: 'one that has ended', path: { sagaId: 'saga' }, verdicts: ADMIN(200) }],
  retryLearningSaga: [{ state: 'one that has ended', path: { sagaId: 'saga' }, verdicts: ADMIN(409) }],
  cancelLearningSaga: [{ state: 'one that has ended', path: { sagaId: 'saga' }, verdicts: ADMIN(409) }],
  getLearningSagaDefinition: [{ state: 'one', path: { name: '=CourseEnrollment' }, verdicts: ADMIN(200) }],
  listUserSagas: [{ state: 'all', verdicts: ADMIN(200) }],
  getUserSaga: [{ state: 'one that has ended', path: { sagaId: 'onboarding' }, verdicts: ADMIN(200) }],
  retryUserSaga: [{ state: 'one that has ended', path: { sagaId: 'onboarding' }, verdicts: ADMIN(409) }],
  cancelUserSaga: [{ state: 'one that has ended', path: { sagaId: 'onboarding' }, verdicts: ADMIN(409) }],
  getUserSagaDefinition: [{ state: 'one', path: { name: '=Erasure' }, verdicts: ADMIN(200) }],
  ...busOf('User', 'userLetter'),
  ...busOf('Learning', 'learningLetter'),
  ...busOf('Payment', 'paymentLetter'),
}

/** Who may do what, for every operation of every document, by operationId. */
export const POLICY: Readonly<Record<string, readonly PolicyCase[]>> = {
  ...users,
  ...courses,
  ...enrollments,
  ...payments,
  ...operations,
}

/** Who may send each message: any service, or only the one that answers it. */
export const SENDERS: Readonly<Record<string, 'services' | 'self'>> = {
  'user.get_by_id': 'services',
  'user.get_by_email': 'services',
  'user.check_exists': 'services',
  'user.check_session': 'services',
  'user.verify_credentials': 'services',
  'user.get_contact': 'services',
  'user.get_public_profiles': 'services',
  'user.send_verification': 'self',
  'user.send_password_reset': 'self',
  'user.send_password_notice': 'self',
  'user.send_email_change': 'self',
  'user.acknowledge_erasure': 'self',
  'user.abandon': 'self',
  'user.build_export': 'self',
  'user.send_export_notice': 'self',
  'user.send_payout_notice': 'services',
  'course.get_by_id': 'services',
  'course.get_by_subject': 'services',
  'course.verify_enrollment': 'services',
  'course.verify_completed': 'services',
  'course.get_offer': 'services',
  'review.get_aggregate': 'services',
  'review.can_review': 'services',
  'course.enroll_student': 'services',
  'course.erase_user': 'services',
  'course.export_user': 'services',
  'course.expire_enrollment': 'self',
  'course.record_payment': 'self',
  'course.retire_courses': 'self',
  'course.retire': 'self',
  'course.close_waitlist': 'self',
  'course.activate_enrollment': 'self',
  'course.release_enrollment': 'self',
  'course.complete_enrollment': 'self',
  'course.issue_certificate': 'self',
  'course.lapse_hold': 'self',
  'payment.process': 'services',
  'payment.cancel': 'services',
  'payment.refund': 'services',
  'payment.get_status': 'services',
  'payment.verify': 'services',
  'payment.create_intent': 'self',
  'payment.cancel_intent': 'self',
  'payment.sync_intent': 'self',
  'payment.create_refund': 'self',
  'payment.sync_refund': 'self',
  'payment.sync_dispute': 'self',
  'payment.schedule_payouts': 'self',
  'payment.send_payout': 'self',
  'payment.sync_payout': 'self',
  'payment.erase_user': 'services',
  'payment.export_user': 'services',
  'payment.reconcile': 'self',
}
