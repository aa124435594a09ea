import { MESSAGES_PATH } from '#bus/request-reply/http-lane.ts'
import type { DeployedService } from '../contracts.ts'
import { type Settings, throttledBy } from '../settings.ts'
import { integrateFunction } from './integrate-function.ts'

/**
 * The door by which functions ask each other, where containers have their internal listeners. It is an API of its own,
 * whose host name tells the function that nothing public is asked, with a route for each message that is answered to
 * other services. The function itself knows the callers: `Authorization` holds the token of a service, which leaves no
 * room for a signature of AWS.
 */
export const createInternalApi = (settings: Settings) => {
  const api = new aws.apigatewayv2.Api('InternalApi', { protocolType: 'HTTP' })
  new aws.apigatewayv2.Stage('InternalApi', {
    apiId: api.id,
    name: '$default',
    autoDeploy: true,
    ...throttledBy(settings),
  })
  return {
    url: api.apiEndpoint,
    /** Takes the messages of other services to the function. */
    route: ({ name, patterns }: DeployedService, http: Parameters<typeof integrateFunction>[2]): void => {
      const integration = integrateFunction(`InternalApi ${name}`, api, http)
      for (const { type, audience } of patterns.messages)
        if (audience === 'services')
          new aws.apigatewayv2.Route(`InternalApi ${type}`, {
            apiId: api.id,
            routeKey: `POST ${MESSAGES_PATH}/${type}`,
            target: $interpolate`integrations/${integration.id}`,
          })
    },
  }
}
