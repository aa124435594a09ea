import { z } from 'zod'
import { HOUR } from '#domain/kernel/clock.ts'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { defineSaga, request } from '#domain/kernel/saga.ts'
import { Learning } from '#bus/patterns/learning.ts'

const State = z.object({ enrollmentId: EnrollmentId })

/**
 * From the last required lesson to the certificate. It begins in the commit of that lesson, once for an enrollment; lessons
 * before it begin nothing.
 */
export const LessonProgress = defineSaga(
  { name: 'LessonProgress', version: 1, state: State, deadlineMs: 24 * HOUR, pivot: 'complete' },
  (on) => ({
    start: (state) => ({ send: [request('complete', Learning.CompleteEnrollment, state)] }),
    events: [],
    replies: [
      on.reply('complete', Learning.CompleteEnrollment, {
        replied: (state) => ({ send: [request('certify', Learning.IssueCertificate, state)] }),
        // Access has ended meanwhile: whoever has left is given no certificate.
        faulted: (_state, fault) => ({ fail: fault }),
      }),
      on.reply('certify', Learning.IssueCertificate, {
        replied: () => ({ done: true }),
        faulted: (_state, fault) => ({ park: fault }),
      }),
    ],
    timers: {},
    compensations: [],
  }),
)
