import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` header of a payload: signed anew at each attempt, as its time is part of it. */
export const signatureHeader = (payload: string, secret: string, nowMs: number): string => {
  const timestamp = Math.floor(nowMs / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}
