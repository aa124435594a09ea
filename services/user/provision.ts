import type { UserId } from '#domain/kernel/ids.ts'
import type { Role } from '#domain/user/values.ts'
import type { Buses } from '#bus/cqrs/buses.ts'
import { ProvisionUser } from './commands/provision-user.ts'

export interface ProvisionedUser {
  readonly email: string
  readonly password: string
  readonly displayName: string
  readonly roles: readonly Role[]
}

/**
 * Makes an account that is verified and has its roles, for hosts: the first admin, demo logins. Where it exists, its
 * password becomes the given one and nothing else changes.
 * @example
 * const { userId } = await provision(platform.services.user.runtime.buses, { ...secrets.demo.admin, roles: ['admin'], displayName: 'Admin' })
 */
export const provision = async (
  buses: Pick<Buses, 'execute'>,
  account: ProvisionedUser,
): Promise<{ readonly userId: UserId; readonly created: boolean }> => {
  const { output } = await buses.execute(ProvisionUser, account, {
    actor: { kind: 'service', service: 'operator' },
    origin: { correlationId: 'provision' },
  })
  return ProvisionUser.output.parse(output)
}
