import { createPublicKey } from 'node:crypto'
import { variables } from '#services/kit/config.ts'

/**
 * What others know a service by, from the private key that is set as a secret: two halves that are set by hand may not
 * belong together. Throws with the name of a secret that is no such key.
 */
export const publicKeyOf = (secret: string, privateKey: string): string => {
  const key = variables.servicePrivateKey.safeParse(privateKey)
  if (!key.success)
    throw new TypeError(
      `${secret} is no Ed25519 private key. help: openssl genpkey -algorithm ed25519 | npx sst secret set ${secret}`,
    )
  return createPublicKey(key.data).export({ type: 'spki', format: 'pem' }).toString()
}
