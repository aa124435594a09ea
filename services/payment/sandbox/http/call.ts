import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { invalidParameter } from '../stripe/errors.ts'
import { type Form, parseForm } from '../stripe/form.ts'
import { type Audience, authenticate, secretKeyRequired } from './authentication.ts'
import type { KeyedRequest } from './idempotency.ts'
import type { Provider } from './provider.ts'

export type SandboxContext = Context<{ Bindings: HttpBindings; Variables: { requestId: string } }>

/** One request to an operation, read and authenticated. */
export interface Call {
  requestId: string
  audience: Audience
  /** The id in the path, or nothing. */
  id: string
  form: Form
  expand: string[]
  idempotency: KeyedRequest | undefined
}

const idempotencyOf = (c: SandboxContext, audience: Audience, parameters: string): KeyedRequest | undefined => {
  const key = c.req.header('idempotency-key')
  if (c.req.method !== 'POST' || !key) return undefined
  if (key.length <= 255) return { audience, key, endpoint: `${c.req.method} ${c.req.path}`, parameters }
  throw invalidParameter('Idempotency-Key', 'Idempotency keys can be at most 255 characters long.')
}

const takeExpand = ({ expand, ...form }: Form): { form: Form; expand: string[] } => {
  const listed = typeof expand === 'object' ? Object.values(expand) : []
  return { form, expand: listed.filter((path) => typeof path === 'string') }
}

export const readCall = async (
  provider: Provider,
  c: SandboxContext,
  options: { openToPayers: boolean },
): Promise<Call> => {
  const audience = authenticate(provider.keys, c.req.header('authorization'))
  if (audience === 'payer' && !options.openToPayers) throw secretKeyRequired()
  const encoded = c.req.method === 'POST' ? await c.req.text() : new URL(c.req.url).search
  return {
    requestId: c.get('requestId'),
    audience,
    id: c.req.param('id') ?? '',
    ...takeExpand(parseForm(encoded)),
    idempotency: idempotencyOf(c, audience, encoded),
  }
}
