import { rawRoute } from '#services/kit/http/raw-route.ts'
import { AccessTokens } from '../ports.ts'

const MEDIA_TYPE = 'application/jwk-set+json'

export const getJwksRoute = rawRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getJwks',
  tag: 'Auth',
  summary: 'Get the keys that verify access tokens',
  scope: 'public',
  cacheControl: 'public, max-age=300',
  responses: { 200: { description: 'A JSON Web Key Set (RFC 7517).', mediaType: MEDIA_TYPE } },
  dependencies: { accessTokens: AccessTokens },
  handle: async (_request, { accessTokens }) => ({
    type: MEDIA_TYPE,
    body: JSON.stringify(await accessTokens.jwks()),
  }),
})
