import { HOUR } from '#domain/kernel/clock.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { job } from '#services/kit/jobs.ts'
import { Clock, Requester } from '#services/kit/ports.ts'
import { PayoutAccounts } from '../ports.ts'

const AT_ONCE = 100

/** Pays tutors what they have earned, each once a week. A tutor who is looked at is due later, so that the round ends. */
export const schedulePayoutsJob = job(
  'schedule-payouts',
  HOUR,
  { accounts: PayoutAccounts, clock: Clock, requester: Requester },
  async ({ accounts, clock, requester }) => {
    for (;;) {
      const due = await accounts.due(clock.now(), AT_ONCE)
      for (const tutorId of due)
        await requester.request(Payments.SchedulePayouts, { tutorId }, { origin: { correlationId: tutorId } })
      if (due.length < AT_ONCE) return
    }
  },
)
