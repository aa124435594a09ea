import { PASSWORD_LENGTH } from '#domain/user/password.ts'
import { Role } from '#domain/user/values.ts'
import type { Statement } from './policy.ts'
import type { Settings } from './settings.ts'

/** What the user service does with the pool, and nothing else. */
const ACTIONS = [
  'AdminAddUserToGroup',
  'AdminConfirmSignUp',
  'AdminDeleteUser',
  'AdminGetUser',
  'AdminInitiateAuth',
  'AdminListGroupsForUser',
  'AdminRemoveUserFromGroup',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'ListUsers',
].map((action) => `cognito-idp:${action}`)

/** The user pool that keeps the passwords; undefined where the user service keeps them itself. */
export const createIdentities = ({ prefix, permanent, passwords }: Settings) => {
  if (passwords === 'database') return undefined
  const pool = new aws.cognito.UserPool('Identities', {
    name: prefix,
    deletionProtection: permanent ? 'ACTIVE' : 'INACTIVE',
    usernameConfiguration: { caseSensitive: true },
    // The rules for a good password, and the mails, are the user service's.
    passwordPolicy: {
      minimumLength: PASSWORD_LENGTH.min,
      requireLowercase: false,
      requireNumbers: false,
      requireSymbols: false,
      requireUppercase: false,
    },
    accountRecoverySetting: { recoveryMechanisms: [{ name: 'admin_only', priority: 1 }] },
    mfaConfiguration: 'OFF',
  })
  for (const role of Role.options) new aws.cognito.UserGroup(`Identities ${role}`, { userPoolId: pool.id, name: role })
  const client = new aws.cognito.UserPoolClient('Identities', {
    userPoolId: pool.id,
    name: prefix,
    generateSecret: true,
    explicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    preventUserExistenceErrors: 'ENABLED',
  })
  const rights: Statement = { actions: ACTIONS, resources: [pool.arn] }
  return { rights, userPoolId: pool.id, clientId: client.id, clientSecret: client.clientSecret }
}

export type Identities = ReturnType<typeof createIdentities>
