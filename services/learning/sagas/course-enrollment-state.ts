import { z } from 'zod'
import { CourseId, EnrollmentId, PaymentId, UserId } from '#domain/kernel/ids.ts'
import { isZero, Money } from '#domain/kernel/money.ts'
import { CouponCode } from '#bus/patterns/payment.ts'
import { Title } from '#domain/learning/course-details.ts'
import { EndReason } from '#domain/learning/enrollment-state.ts'

/** What is known of the payment; `completed` is final, whatever else arrives. */
const KnownPayment = z.discriminatedUnion('status', [
  z.object({ status: z.literal('unknown') }),
  z.object({ status: z.literal('initiated'), paymentId: PaymentId }),
  z.object({ status: z.literal('completed'), paymentId: PaymentId }),
])

export const CourseEnrollmentState = z.object({
  enrollmentId: EnrollmentId,
  payerId: UserId,
  /** Frozen at the request; zero means that nothing is charged. */
  money: Money,
  couponCode: CouponCode.optional(),
  /** What is bought, and who teaches it; an older instance does not say. */
  courseId: CourseId.optional(),
  title: Title.optional(),
  tutorId: UserId.optional(),
  payment: KnownPayment,
  refundRequested: z.boolean(),
  /** Why the seat goes back, should it have to: `cancelled` until the payment gives another reason. */
  endReason: EndReason,
})
export type CourseEnrollmentState = z.infer<typeof CourseEnrollmentState>

/** The state that it starts with. */
export const courseEnrollmentFor = (
  request: Pick<
    CourseEnrollmentState,
    'enrollmentId' | 'payerId' | 'money' | 'couponCode' | 'courseId' | 'title' | 'tutorId'
  >,
): CourseEnrollmentState => ({
  ...request,
  payment: { status: 'unknown' },
  refundRequested: false,
  endReason: 'cancelled',
})

/** Activation was sent: no failed or slow payment can stop it any more. */
export const isSettled = ({ money, payment }: CourseEnrollmentState): boolean =>
  isZero(money) || payment.status === 'completed'
