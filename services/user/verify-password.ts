import { InvalidCredentials } from '#domain/user/errors.ts'
import type { User } from '#domain/user/user.ts'
import type { EmailAddress } from '#domain/user/values.ts'
import type { Passwords } from '#services/kit/auth/passwords.ts'
import type { CredentialRepository } from './ports.ts'

interface Verified {
  readonly user: User
  /** The hash is of an older kind: store a new one. */
  readonly rehash: boolean
}

/** Takes equally long whether the address is known or not. Throws `InvalidCredentials`, one error for both. */
export const verifyPassword = async (
  email: EmailAddress,
  password: string,
  { credentials, passwords }: { readonly credentials: CredentialRepository; readonly passwords: Passwords },
): Promise<Verified> => {
  const found = await credentials.byEmail(email)
  const verdict = found ? await passwords.verify(password, found.passwordHash) : await passwords.verifyUnknown(password)
  if (!found || !verdict.matches) throw InvalidCredentials()
  return { user: found.user, rehash: verdict.rehash }
}
