import { z } from 'zod'
import { jsonSchemaOf } from '#services/kit/http/json-schema.ts'
import { rawRoute } from '#services/kit/http/raw-route.ts'
import { AccessTokens } from '../ports.ts'

const MEDIA_TYPE = 'application/jwk-set+json'

const Key = z.object({
  kty: z.literal('RSA'),
  use: z.literal('sig'),
  alg: z.literal('RS256'),
  kid: z.string().max(200),
  n: z.string().max(2_000).describe('The modulus.'),
  e: z.string().max(20).describe('The exponent.'),
})
const KeySet = z.object({ keys: z.array(Key).max(10) })

export const getJwksRoute = rawRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  operationId: 'getJwks',
  tag: 'Auth',
  summary: 'Get the keys that verify access tokens',
  scope: 'public',
  cacheControl: 'public, max-age=300',
  responses: {
    200: {
      description: 'A JSON Web Key Set (RFC 7517).',
      mediaType: MEDIA_TYPE,
      schema: jsonSchemaOf(KeySet, 'output', 'get_jwks'),
    },
  },
  dependencies: { accessTokens: AccessTokens },
  handle: async (_request, { accessTokens }) => ({
    type: MEDIA_TYPE,
    body: JSON.stringify(await accessTokens.jwks()),
  }),
})
