import { type Actor, anonymous } from '#bus/cqrs/actor.ts'
import type { RequiredScope } from '#bus/cqrs/definitions.ts'
import { Forbidden, Unauthenticated } from '#bus/cqrs/errors.ts'
import type { Context } from 'hono'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Exchange } from './exchange.ts'
import type { TakeQuota } from './quota.ts'

/** The caller's network address, as far as the host can vouch for it. */
export type ClientAddress = (context: Context) => string

const child = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** The peer of the socket under `@hono/node-server`; forwarded headers are never believed. */
export const socketAddress: ClientAddress = ({ env }) => {
  const address = child(child(child(env, 'incoming'), 'socket'), 'remoteAddress')
  return typeof address === 'string' ? address : 'unknown'
}

/**
 * The address behind `hops` proxies of ours, each of which appends the peer that it saw to `X-Forwarded-For`: what a
 * client writes into that header stands further left, and counts for nothing.
 *
 * @param hops 1 for one load balancer; 0 believes nothing but the socket
 */
export const forwardedAddress = (hops: number): ClientAddress => {
  if (hops === 0) return socketAddress
  return (context) => {
    const seen = (context.req.header('x-forwarded-for') ?? '').split(',').map((address) => address.trim())
    return seen.at(-hops) || socketAddress(context)
  }
}

const authorize = (scope: RequiredScope, actor: Actor): void => {
  if (scope === 'public' || actor.kind === 'service') return
  if (actor.kind === 'anonymous') throw Unauthenticated()
  if (!actor.scopes.has(scope)) throw Forbidden(scope)
}

/**
 * Lets a request in: who asks, how often, and whether they may, before anything of its body is read. The pipeline asks
 * for the scope again, as it does for callers of other doors.
 */
export const createAdmission =
  (authenticate: Authenticate, clientAddress: ClientAddress) =>
  (scope: RequiredScope, takeQuota: TakeQuota) =>
  async (exchange: Exchange): Promise<void> => {
    const { context } = exchange
    const address = (): string => clientAddress(context)
    try {
      exchange.actor = await authenticate(context.req.raw.headers)
    } catch (error) {
      // Guessing tokens costs the quota of the address.
      await takeQuota(anonymous, address)
      throw error
    }
    exchange.limit = await takeQuota(exchange.actor, address)
    authorize(scope, exchange.actor)
  }
