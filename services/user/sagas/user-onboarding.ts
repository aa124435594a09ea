import { z } from 'zod'
import { DAY } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { defineSaga, request } from '#domain/kernel/saga.ts'
import { Users } from '#bus/patterns/user.ts'

const OnboardingState = z.object({ userId: UserId })

const REMINDERS = { firstReminder: DAY, secondReminder: 3 * DAY } as const
type Reminder = keyof typeof REMINDERS

/** How long an account may stay without a verified address. */
export const ABANDONED_AFTER_MS = 30 * DAY

const remind =
  (step: Reminder) =>
  ({ userId }: { userId: UserId }) => ({
    send: [request(step, Users.SendVerification, { userId })],
  })

/** From a registration to a verified address: two reminders, and in the end the account is erased. */
export const UserOnboarding = defineSaga(
  {
    name: 'UserOnboarding',
    version: 1,
    state: OnboardingState,
    deadlineMs: ABANDONED_AFTER_MS + DAY,
    pivot: 'abandon',
  },
  (on) => ({
    start: () => ({ timers: { ...REMINDERS, abandon: ABANDONED_AFTER_MS } }),
    events: [
      on.event(Users.UserVerified, { key: ({ userId }) => userId, running: () => ({ done: true }) }),
      on.event(Users.UserDeleted, { key: ({ userId }) => userId, running: () => ({ done: true }) }),
    ],
    replies: [
      // An account that is gone meanwhile needs no reminder.
      on.reply('firstReminder', Users.SendVerification, { replied: () => ({}), faulted: () => ({}) }),
      on.reply('secondReminder', Users.SendVerification, { replied: () => ({}), faulted: () => ({}) }),
      on.reply('abandon', Users.AbandonUser, {
        replied: () => ({ done: true }),
        faulted: (_state, fault) => ({ park: fault }),
      }),
    ],
    timers: {
      firstReminder: remind('firstReminder'),
      secondReminder: remind('secondReminder'),
      abandon: ({ userId }) => ({ send: [request('abandon', Users.AbandonUser, { userId })] }),
    },
    compensations: [],
  }),
)
