import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { type Secrets, secretVariables } from '#services/kit/secrets.ts'
import { services } from './services.ts'

const upper = (service: string): string => service.toUpperCase().replaceAll('-', '_')

/** A key in one line, as the services read it. */
const oneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n')

const ownKeyOf = ({ serviceKeys }: Secrets, service: string): string => {
  const keys = serviceKeys[service]
  if (!keys) throw new Error(`There is no key pair of ${service}.`)
  return oneLine(keys.privateKey)
}

/** What compose.yaml takes from docker/.env: the secrets, and nothing else. */
export const composeVariables = (secrets: Secrets, ownerPassword: string): Readonly<Record<string, string>> => {
  const owner = `postgres://edtech:${ownerPassword}@postgres:5432/edtech`
  const publicKeys = Object.entries(secrets.serviceKeys).map(([name, { publicKey }]) => [name, publicKey])
  const own = services.flatMap(({ name, tables }) => [
    [`${upper(name)}_DATABASE_URL`, serviceUrl(owner, tables.schema)],
    [`${upper(name)}_PRIVATE_KEY`, ownKeyOf(secrets, name)],
  ])
  return {
    OWNER_PASSWORD: ownerPassword,
    OWNER_DATABASE_URL: owner,
    ...Object.fromEntries(own),
    ...secretVariables(secrets),
    JWT_PRIVATE_KEY: oneLine(secrets.jwtPrivateKey),
    SERVICE_PUBLIC_KEYS: JSON.stringify(Object.fromEntries(publicKeys)),
    DEMO_LOGINS: JSON.stringify(secrets.demo),
  }
}
