import type { ServiceDefinition } from '#services/kit/service.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'

/** The services that have a container each. */
export const services: readonly Omit<ServiceDefinition, 'module'>[] = [user, learning, payment]
