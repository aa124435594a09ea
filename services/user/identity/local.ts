import { InvalidCredentials } from '#domain/user/errors.ts'
import type { Passwords } from '#services/kit/auth/passwords.ts'
import type { CredentialRepository, IdentityProvider } from '../ports.ts'

/** Keeps hashes of passwords beside the accounts: there is nobody else to tell. */
export const createLocalIdentities = (credentials: CredentialRepository, passwords: Passwords): IdentityProvider => {
  const keep: IdentityProvider['register'] = async (tx, userId, password) =>
    credentials.put(tx, userId, await passwords.hash(password))

  return {
    verify: async (tx, email, password) => {
      const found = await credentials.byEmail(email)
      const { matches, rehash } = found
        ? await passwords.verify(password, found.passwordHash)
        : await passwords.verifyUnknown(password)
      if (!found || !matches) throw InvalidCredentials()
      if (rehash) await keep(tx, found.user.id, password)
      return found.user
    },
    register: keep,
    replacePassword: keep,
    mirror: async () => undefined,
    forget: async () => undefined,
    forgetStrays: async () => undefined,
  }
}
