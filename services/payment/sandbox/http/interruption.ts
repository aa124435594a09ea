import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { RequestFault } from '../faults/fault.ts'
import { rateLimited, serverError } from '../stripe/errors.ts'
import type { SandboxContext } from './call.ts'
import type { Provider } from './provider.ts'

/** The client gets no answer: its connection is cut. */
export class ConnectionLost extends Error {}

const silence = async (c: SandboxContext, provider: Provider, delayMs: number | undefined): Promise<void> => {
  const { outgoing } = c.env
  try {
    // A pause outlives the client: what it gave up on still happens.
    if (delayMs !== undefined) return await pause(delayMs, undefined, { signal: provider.closing })
    if (!outgoing.closed) await once(outgoing, 'close', { signal: provider.closing })
  } catch (cause) {
    throw new ConnectionLost('The sandbox closed', { cause })
  }
  throw new ConnectionLost('The client gave up')
}

export const interruptBeforeEffect = async (
  c: SandboxContext,
  provider: Provider,
  fault: RequestFault | undefined,
): Promise<void> => {
  if (fault?.kind === 'rate_limit') throw rateLimited()
  if (fault?.kind === 'server_error') throw serverError(false)
  if (fault?.kind === 'lose_request') throw new ConnectionLost('Cut before the effect')
  if (fault?.kind === 'time_out' && fault.before === 'effect') await silence(c, provider, fault.delayMs)
}

export const interruptBeforeAnswer = async (
  c: SandboxContext,
  provider: Provider,
  fault: RequestFault | undefined,
): Promise<void> => {
  if (fault?.kind === 'lose_answer') throw new ConnectionLost('Cut after the effect')
  if (fault?.kind === 'time_out' && fault.before === 'answer') await silence(c, provider, fault.delayMs)
}
