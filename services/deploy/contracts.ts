import type { MessageDefinition } from '#domain/kernel/message.ts'
import { destinationOf } from '#bus/patterns/directory.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { Payments } from '#bus/patterns/payment.ts'
import { Users } from '#bus/patterns/user.ts'
import type { ServiceDefinition } from '#services/kit/service.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'

/** A service as far as its deployment goes. */
export type DeployedService = Omit<ServiceDefinition, 'module'>

export const SERVICES: readonly DeployedService[] = [user, learning, payment]

/** The messages of other services that a service sends or asks; a test holds them against its sources. */
interface Outward {
  /** Sent through the outbox, by handlers and sagas. */
  readonly commands: readonly MessageDefinition[]
  /** Asked, with somebody waiting for the reply. */
  readonly requests: readonly MessageDefinition[]
}

/** Every service has it asked whether a session is still good. */
const sessionCheck: readonly MessageDefinition[] = [Users.CheckSession]

const OUTWARD: Readonly<Record<string, Outward>> = {
  user: {
    commands: [Learning.EraseUser, Payments.EraseUser],
    requests: [Learning.ExportUser, Payments.ExportUser],
  },
  learning: {
    commands: [Payments.ProcessPayment, Payments.CancelPayment, Payments.RefundPayment],
    requests: [...sessionCheck, Users.GetPublicProfiles],
  },
  payment: {
    commands: [Users.SendPayoutNotice],
    requests: [...sessionCheck, Learning.GetCourseById, Learning.GetOffer],
  },
}

/** Throws for a service whose messages nobody has listed. */
export const outwardOf = (service: string): Outward => {
  const outward = OUTWARD[service]
  if (!outward)
    throw new TypeError(`${service} has no messages listed. help: add it to OUTWARD in services/deploy/contracts.ts.`)
  return outward
}

/** Which services get messages from a service, and by which kind of queue. */
export interface Destinations {
  /** By their command queues: itself, those it commands, and those whose sagas wait for its answers. */
  readonly commands: readonly string[]
  readonly requests: readonly string[]
  /** By their reply slots. */
  readonly replies: readonly string[]
}

const servicesOf = (messages: readonly MessageDefinition[]): string[] => [...new Set(messages.map(destinationOf))]

/** Where a service's messages go, by the contracts alone. */
export const destinationsOf = (service: string): Destinations => {
  const { commands, requests } = outwardOf(service)
  const sendersOf = (kind: keyof Outward) =>
    Object.keys(OUTWARD).filter((sender) => servicesOf(outwardOf(sender)[kind]).includes(service))
  return {
    commands: [...new Set([service, ...servicesOf(commands), ...sendersOf('commands')])],
    requests: servicesOf(requests),
    replies: sendersOf('requests'),
  }
}

const Fields = z.object({ properties: z.record(z.string(), z.unknown()) })

/** The names of the variables that a configuration reads. */
export const variablesOf = ({ config }: Pick<DeployedService, 'config'>): string[] =>
  Object.keys(Fields.parse(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' })).properties)

/** Routes that the public may reach, as method and path. */
export const publicRoutesOf = ({ name, routes }: DeployedService): { method: string; path: string }[] => [
  ...routes
    .filter(({ developmentOnly }) => !developmentOnly)
    .map(({ method, path }) => ({ method: method.toUpperCase(), path })),
  { method: 'GET', path: `/openapi/${name}.json` },
]
