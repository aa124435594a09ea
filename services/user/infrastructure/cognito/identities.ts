import { Unavailable } from '#bus/cqrs/errors.ts'
import type { Instant } from '#domain/kernel/clock.ts'
import { UserId } from '#domain/kernel/ids.ts'
import { InvalidCredentials, PasswordRejected, TooManyLogins } from '#domain/user/errors.ts'
import type { User } from '#domain/user/user.ts'
import { Role } from '#domain/user/values.ts'
import type { IdentityProvider, UserRepository } from '../../ports.ts'
import type { UserPool } from './user-pool.ts'

/** Whom nobody is: for tries to log in with an address that nobody has. */
const NOBODY = 'usr_00000000-0000-7000-8000-000000000000'

const PAGE = 60

/** Cognito locks for one second first, and for up to 15 minutes after many wrong tries. */
const LOCKED_SECONDS = 60

const OVERLOADED = new Set(['TooManyRequestsException', 'LimitExceededException', 'ThrottlingException'])

const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name

/** Cognito is overloaded, broken, or cannot be reached: nothing in the call is wrong. */
const isAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if (OVERLOADED.has(error.name)) return true
  const answered = '$metadata' in error && '$fault' in error
  return !answered || error.$fault === 'server'
}

const orUnavailable = (error: unknown): never => {
  throw isAway(error) ? Object.assign(Unavailable('The identity provider'), { cause: error }) : error
}

const orRejected = (error: unknown): never => {
  if (isNamed(error, 'InvalidPasswordException')) throw PasswordRejected(`${error.message.replace(/\.$/, '')}.`)
  return orUnavailable(error)
}

const unless =
  (name: string) =>
  (error: unknown): undefined => {
    if (!isNamed(error, name)) orUnavailable(error)
  }

/** As hashes here are made: composed and decomposed characters count as the same. Cognito takes no blanks around it. */
const normalise = (password: string): string => {
  const normal = password.normalize('NFC')
  if (normal.trim() !== normal) throw PasswordRejected('The password must not begin or end with a blank.')
  return normal
}

/**
 * Passwords in a user pool of Cognito, under the ids of the users: who has which address stays this service's to say.
 * A registration is unconfirmed in the pool until it is committed here. The address, whether it is verified, and the
 * roles, as groups of the same names, are there for other applications of the pool; nothing here reads them.
 */
export const createCognitoIdentities = (pool: UserPool, users: UserRepository): IdentityProvider => {
  const { userPoolId: UserPoolId, clientId: ClientId } = pool

  /** What Cognito asks for besides, such as a second factor; undefined in an ordinary pool. */
  const logIn = async (username: string, password: string): Promise<string | undefined> => {
    const cognito = await pool.client()
    const { ChallengeName } = await cognito.adminInitiateAuth({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password, SECRET_HASH: pool.secretHash(username) },
    })
    return ChallengeName
  }

  const confirm = async (username: string): Promise<void> => {
    const cognito = await pool.client()
    // "Current status is CONFIRMED".
    await cognito.adminConfirmSignUp({ UserPoolId, Username: username }).catch(unless('NotAuthorizedException'))
  }

  const signUp = async (username: string, password: string): Promise<void> => {
    const cognito = await pool.client()
    await cognito
      .signUp({ ClientId, Username: username, Password: password, SecretHash: pool.secretHash(username) })
      // The id is new: an earlier try of this call, whose answer was lost.
      .catch((error: unknown) => (isNamed(error, 'UsernameExistsException') ? undefined : orRejected(error)))
  }

  const forget = async (username: string): Promise<void> => {
    const cognito = await pool.client()
    await cognito.adminDeleteUser({ UserPoolId, Username: username }).catch(unless('UserNotFoundException'))
  }

  const groupsOf = async (username: string): Promise<Set<string>> => {
    const cognito = await pool.client()
    const { Groups = [] } = await cognito.adminListGroupsForUser({ UserPoolId, Username: username, Limit: PAGE })
    return new Set(Groups.flatMap(({ GroupName }) => GroupName ?? []))
  }

  /** Groups that are no roles are somebody else's. */
  const setGroups = async (username: string, roles: readonly Role[]): Promise<void> => {
    const [cognito, groups] = await Promise.all([pool.client(), groupsOf(username)])
    for (const role of Role.options) {
      const membership = { UserPoolId, Username: username, GroupName: role }
      if (roles.includes(role) && !groups.has(role)) await cognito.adminAddUserToGroup(membership)
      if (!roles.includes(role) && groups.has(role)) await cognito.adminRemoveUserFromGroup(membership)
    }
  }

  /** False where the pool does not know the user: they registered before it was there, or are gone. */
  const copy = async ({ id, account }: User): Promise<boolean> => {
    const cognito = await pool.client()
    const identity = await cognito.adminGetUser({ UserPoolId, Username: id }).catch(unless('UserNotFoundException'))
    if (!identity) return false
    if (identity.UserStatus === 'UNCONFIRMED') await confirm(id)
    await cognito.adminUpdateUserAttributes({
      UserPoolId,
      Username: id,
      UserAttributes: [
        { Name: 'email', Value: account.email },
        { Name: 'email_verified', Value: String(account.emailVerifiedAt !== null) },
      ],
    })
    await setGroups(id, account.roles)
    return true
  }

  const unconfirmedSince = async function* (before: Instant): AsyncGenerator<UserId> {
    const cognito = await pool.client()
    let next: string | undefined
    do {
      const page = await cognito.listUsers({
        UserPoolId,
        Filter: 'cognito:user_status = "UNCONFIRMED"',
        Limit: PAGE,
        ...(next === undefined ? {} : { PaginationToken: next }),
      })
      for (const { Username, UserStatus, UserCreateDate } of page.Users ?? []) {
        const { data: userId } = UserId.safeParse(Username)
        const isOld = UserCreateDate !== undefined && UserCreateDate.toISOString() < before
        if (userId && UserStatus === 'UNCONFIRMED' && isOld) yield userId
      }
      next = page.PaginationToken
    } while (next !== undefined)
  }

  return {
    verify: async (_tx, email, password) => {
      const user = await users.byEmail(email)
      const username = user?.id ?? NOBODY
      const normal = password.normalize('NFC')
      const challenge = await logIn(username, normal)
        // Committed here, though the pool has not heard of it yet.
        .catch((error: unknown) => {
          if (!user || !isNamed(error, 'UserNotConfirmedException')) throw error
          return confirm(username).then(() => logIn(username, normal))
        })
        .catch((error: unknown) => {
          if (isNamed(error, 'NotAuthorizedException'))
            throw error.message.includes('attempts exceeded') ? TooManyLogins(LOCKED_SECONDS) : InvalidCredentials()
          const refusals = ['UserNotFoundException', 'PasswordResetRequiredException', 'InvalidParameterException']
          if (refusals.some((name) => isNamed(error, name))) throw InvalidCredentials()
          return orUnavailable(error)
        })
      if (challenge !== undefined)
        throw new Error(`The user pool asks ${username} for ${challenge}. help: switch this off in the pool.`)
      if (!user) throw InvalidCredentials()
      return user
    },
    register: (_tx, userId, password) => signUp(userId, normalise(password)),
    replacePassword: async (_tx, userId, password) => {
      const cognito = await pool.client()
      const given = { UserPoolId, Username: userId, Password: normalise(password), Permanent: true }
      await cognito.adminSetUserPassword(given).catch(async (error: unknown) => {
        if (!isNamed(error, 'UserNotFoundException')) return orRejected(error)
        // They registered before the pool was there.
        await signUp(userId, given.Password)
        await confirm(userId)
      })
    },
    mirror: async (userId) => {
      const load = async () => {
        const user = await users.load(userId)
        return user?.state.status === 'ERASED' ? undefined : user
      }
      let copied: User | undefined
      let user = await load()
      // What has changed while it was copied may have been copied before, by somebody else.
      while (user && user.version !== copied?.version) {
        if (!(await copy(user).catch(orUnavailable))) return
        copied = user
        user = await load()
      }
    },
    forget,
    forgetStrays: async (before) => {
      for await (const userId of unconfirmedSince(before)) {
        const user = await users.load(userId)
        await (user && user.state.status !== 'ERASED' ? confirm(userId) : forget(userId))
      }
    },
  }
}
