import type { RateLimit } from '../env.ts'
import { Problem } from './problem.ts'
import type { Call } from './call.ts'

/** Refuses a client that asks too often. Its address is set by the platform and not by the client. */
export async function withinLimit(call: Call, limiter: RateLimit): Promise<void> {
  const { success } = await limiter.limit({ key: call.request.headers.get('cf-connecting-ip') ?? '' })
  if (success) return
  const headers = { 'Retry-After': '60' }
  throw new Problem(429, 'RATE_LIMITED', 'Too many requests from this address.', { headers })
}
