import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { PASSWORD_LENGTH } from '#domain/user/password.ts'
import { Role } from '#domain/user/values.ts'

export type TestUserPool = Awaited<ReturnType<typeof createTestUserPool>>

/** A user pool of its own in the emulator at `endpoint`, as the deployment makes it. */
export const createTestUserPool = async (endpoint: string) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const cognito = new CognitoIdentityProvider({ region: 'us-east-1', endpoint, credentials })
  const { UserPool } = await cognito.createUserPool({
    PoolName: 'test',
    Policies: {
      PasswordPolicy: {
        MinimumLength: PASSWORD_LENGTH.min,
        RequireLowercase: false,
        RequireNumbers: false,
        RequireSymbols: false,
        RequireUppercase: false,
      },
    },
  })
  const UserPoolId = UserPool?.Id ?? ''
  const { UserPoolClient } = await cognito.createUserPoolClient({
    UserPoolId,
    ClientName: 'test',
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  })
  for (const GroupName of Role.options) await cognito.createGroup({ UserPoolId, GroupName })

  return {
    variables: {
      COGNITO_USER_POOL_ID: UserPoolId,
      COGNITO_CLIENT_ID: UserPoolClient?.ClientId ?? '',
      COGNITO_CLIENT_SECRET: UserPoolClient?.ClientSecret ?? '',
      AWS_ENDPOINT_URL: endpoint,
    },
    /** What other applications of the pool see; undefined for whom it does not know. */
    identityOf: async (userId: string) => {
      const { Users = [] } = await cognito.listUsers({ UserPoolId })
      const found = Users.find(({ Username }) => Username === userId)
      if (!found) return undefined
      const { Groups = [] } = await cognito.adminListGroupsForUser({ UserPoolId, Username: userId })
      const attributes = new Map((found.Attributes ?? []).map(({ Name, Value }) => [Name, Value]))
      return {
        status: found.UserStatus,
        email: attributes.get('email'),
        verified: attributes.get('email_verified'),
        groups: Groups.map(({ GroupName = '' }) => GroupName).toSorted(),
      }
    },
    /** How many identities there are. */
    size: async (): Promise<number> => (await cognito.listUsers({ UserPoolId })).Users?.length ?? 0,
    addToGroup: async (userId: string, group: string) => {
      await cognito.createGroup({ UserPoolId, GroupName: group })
      await cognito.adminAddUserToGroup({ UserPoolId, Username: userId, GroupName: group })
    },
    /** As if the pool had not heard yet that their registration is committed. */
    signUpAgain: async (userId: string, password: string) => {
      await cognito.adminDeleteUser({ UserPoolId, Username: userId })
      await cognito.signUp({ ClientId: UserPoolClient?.ClientId ?? '', Username: userId, Password: password })
    },
    /** As if they had registered before the pool was there. */
    remove: (userId: string) => cognito.adminDeleteUser({ UserPoolId, Username: userId }),
    drop: async () => {
      await cognito.deleteUserPool({ UserPoolId })
      cognito.destroy()
    },
  }
}
