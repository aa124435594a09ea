import { publicRoutesOf, SERVICES } from './contracts.ts'
import type { Network } from './network.ts'
import { type Settings, throttledBy } from './settings.ts'

/** The public API in front of all services. Services answer for their own origins, so it adds no headers. */
export const createApi = (network: Network, settings: Settings) =>
  new sst.aws.ApiGatewayV2('Api', {
    vpc: network,
    cors: false,
    transform: { stage: throttledBy(settings) },
    ...(settings.domain === undefined ? {} : { domain: `api.${settings.domain}` }),
  })

export type Api = ReturnType<typeof createApi>

/**
 * The keys of the public routes and the service behind each. A path that one service has alone goes to it with any
 * method, so that the service itself refuses the wrong ones; what no service has is refused by the first.
 */
export const apiRoutes = (services = SERVICES): ReadonlyMap<string, string> => {
  const owners = new Map<string, Map<string, string>>()
  for (const service of services)
    for (const { method, path } of publicRoutesOf(service)) {
      const methods = owners.get(path) ?? new Map<string, string>()
      owners.set(path, methods.set(method, service.name))
    }
  const routes = new Map<string, string>()
  for (const [path, methods] of owners) {
    const [only, ...others] = new Set(methods.values())
    if (only !== undefined && others.length === 0) routes.set(`ANY ${path}`, only)
    else for (const [method, service] of methods) routes.set(`${method} ${path}`, service)
  }
  const [first] = services
  if (first) routes.set('$default', first.name)
  return routes
}

/** Puts the services behind the API's routes. */
export const routeApi = (api: Api, integrations: ReadonlyMap<string, $util.Input<string>>): void => {
  for (const [key, service] of apiRoutes()) {
    const integration = integrations.get(service)
    if (integration === undefined) throw new Error(`${service} has no integration.`)
    new aws.apigatewayv2.Route(`Api ${key}`, {
      apiId: api.nodes.api.id,
      routeKey: key,
      target: $interpolate`integrations/${integration}`,
    })
  }
}
