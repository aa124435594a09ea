import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { createHmac } from 'node:crypto'

export interface UserPoolOptions {
  /** `eu-central-1_AbCdEfGhI`: the region is its first part. */
  readonly userPoolId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Of an emulator, which takes any keys; AWS and the keys of the process's role when absent. */
  readonly endpoint?: string | undefined
}

/** A user pool as one confidential client of it sees it. */
export interface UserPool {
  readonly userPoolId: string
  readonly clientId: string
  /** Loaded with the first call, so that nobody pays for it who keeps passwords elsewhere. */
  client(): Promise<CognitoIdentityProvider>
  /** `SECRET_HASH`: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html */
  secretHash(username: string): string
}

export const openUserPool = ({ userPoolId, clientId, clientSecret, endpoint }: UserPoolOptions): UserPool => {
  const connect = async () => {
    const { CognitoIdentityProvider } = await import('@aws-sdk/client-cognito-identity-provider')
    return new CognitoIdentityProvider({
      region: userPoolId.replace(/_.*/, ''),
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
      ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
    })
  }
  let connected: Promise<CognitoIdentityProvider> | undefined
  return {
    userPoolId,
    clientId,
    client: () => (connected ??= connect()),
    secretHash: (username) =>
      createHmac('sha256', clientSecret)
        .update(username + clientId)
        .digest('base64'),
  }
}
