import type { Actor } from '#bus/cqrs/actor.ts'
import { isPayer } from './access.ts'
import type { PaymentRecord } from './ports.ts'
import type { PaymentView } from './views.ts'

/** The payment without what only its payer may see. */
export const presentTo = (actor: Actor, { clientSecret, ...payment }: PaymentRecord): PaymentView =>
  clientSecret !== null && isPayer(actor, payment.payerId) ? { ...payment, clientSecret } : payment
