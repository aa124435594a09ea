import { generateKeyPairSync } from 'node:crypto'

const pair = () =>
  generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

/** A key pair for each service. */
export const createServiceKeys = <Name extends string>(...services: readonly Name[]) => {
  const pairs = services.map((service) => [service, pair()] as const)
  return {
    publicKeys: Object.fromEntries(pairs.map(([service, { publicKey }]) => [service, publicKey])),
    privateKeyOf: (service: Name): string => {
      const [, keys] = pairs.find(([name]) => name === service) ?? []
      if (!keys) throw new Error(`${service} has no keys.`)
      return keys.privateKey
    },
  }
}
