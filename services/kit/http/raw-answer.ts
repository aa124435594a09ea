import type { Buses } from '#bus/cqrs/buses.ts'
import type { Resolve } from '#bus/cqrs/token.ts'
import { readText } from './body.ts'
import type { Exchange } from './exchange.ts'
import { DEFAULT_MAX_BODY_BYTES } from './input.ts'
import type { RawRequest, RawRoute } from './raw-route.ts'
import type { Reply } from './reply.ts'

/** Binds a raw route to its dependencies and shows it no more of the request than it may read. */
export const rawAnswer = (
  route: RawRoute,
  buses: Buses,
  resolve: Resolve,
): ((exchange: Exchange) => Promise<Reply>) => {
  const handle = route.bind(resolve)
  const maxBytes = route.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES

  const requestOf = ({ context: { req }, actor, origin }: Exchange): RawRequest => ({
    actor,
    origin,
    buses,
    get signal() {
      return req.raw.signal
    },
    param: (name) => req.param(name) ?? '',
    query: (name) => req.query(name),
    header: (name) => req.header(name),
    text: () => readText(req, maxBytes),
  })

  return async (exchange) => {
    const { status = 200, type, body = null, headers = {} } = await handle(requestOf(exchange))
    return { status, headers: type === undefined ? headers : { ...headers, 'content-type': type }, body }
  }
}
