import { loadConfig, type ConfigSource } from '#services/kit/config.ts'
import { composeService } from '#services/kit/hosts/compose-service.ts'
import type { Secrets } from '#services/kit/secrets.ts'
import { seedDemo } from '#services/embedded/demo/seed.ts'
import { learning } from '#services/learning/service.ts'
import { user } from '#services/user/service.ts'
import { operatorPorts } from './operator-ports.ts'

/** Makes the demo logins and courses before the services run. */
export const seedStack = async (
  databaseUrl: string,
  secrets: Pick<Secrets, 'cursorSecret' | 'demo'>,
  variables: ConfigSource,
  directory: string,
): Promise<void> => {
  const ports = operatorPorts(databaseUrl, secrets)
  const services = {
    user: composeService(user, loadConfig(user.config, variables), ports),
    learning: composeService(learning, loadConfig(learning.config, variables), ports),
  }
  try {
    await seedDemo(services, secrets.demo, directory)
  } finally {
    await Promise.all(Object.values(services).map((service) => service.dispose()))
  }
}
