import { z } from 'zod'
import { DAY } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import { PaymentId } from '#domain/kernel/ids.ts'
import { defineSaga, request } from '#domain/kernel/saga.ts'
import { Payments } from '../../patterns/payment.ts'

const CheckoutState = z.object({ paymentId: PaymentId, clicks: z.int().default(0) })

/** Counted on the state, for tests of messages that meet at one instance. */
export const Clicked = event('checkout.clicked', { version: 1, data: z.object({ paymentId: PaymentId.optional() }) })

/** Creates an intent, looks at it once more and is done; of real messages, so that the runner can address them. */
export const Checkout = defineSaga(
  { name: 'Checkout', version: 1, state: CheckoutState, deadlineMs: DAY, pivot: 'sync' },
  (on) => ({
    start: ({ paymentId }) => ({ send: [request('create', Payments.CreateIntent, { paymentId })], push: ['cancel'] }),
    replies: [
      on.reply('create', Payments.CreateIntent, {
        replied: ({ paymentId }) => ({ send: [request('sync', Payments.SyncIntent, { paymentId })] }),
        faulted: (_state, fault) => ({ fail: fault }),
      }),
      on.reply('sync', Payments.SyncIntent, {
        replied: () => ({ done: true }),
        faulted: (_state, fault) => ({ fail: fault }),
      }),
    ],
    events: [
      on.event(Clicked, {
        key: ({ paymentId }) => paymentId,
        running: ({ clicks }) => ({ set: { clicks: clicks + 1 } }),
      }),
    ],
    timers: {},
    compensations: [on.compensation('cancel', Payments.CancelIntent, { input: ({ paymentId }) => ({ paymentId }) })],
  }),
)
