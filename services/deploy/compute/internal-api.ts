import { type DeployedService, outwardOf } from '../contracts.ts'
import type { Statement } from '../policy.ts'
import { integrateFunction } from './integrate-function.ts'

const METHOD = 'POST'
const pathOf = (type: string): string => `/internal/messages/${type}`

/**
 * The door by which functions ask each other, where containers have their internal listeners. It has a route for each
 * message that is answered to other services, and takes only calls that are signed by a role with the right to that one.
 */
export const createInternalApi = () => {
  const api = new aws.apigatewayv2.Api('InternalApi', { protocolType: 'HTTP' })
  new aws.apigatewayv2.Stage('InternalApi', { apiId: api.id, name: '$default', autoDeploy: true })
  return {
    url: api.apiEndpoint,
    /** Takes the messages of other services to the function. */
    route: ({ name, patterns }: DeployedService, http: Parameters<typeof integrateFunction>[2]): void => {
      const integration = integrateFunction(`InternalApi ${name}`, api, http)
      for (const { type, audience } of patterns.messages)
        if (audience === 'services')
          new aws.apigatewayv2.Route(`InternalApi ${type}`, {
            apiId: api.id,
            routeKey: `${METHOD} ${pathOf(type)}`,
            authorizationType: 'AWS_IAM',
            target: $interpolate`integrations/${integration.id}`,
          })
    },
    /** What a service may ask here: the requests of its contracts. */
    rightsOf: ({ name }: DeployedService): Statement[] => {
      const { requests } = outwardOf(name)
      if (requests.length === 0) return []
      return [
        {
          actions: ['execute-api:Invoke'],
          resources: requests.map(({ type }) => $interpolate`${api.executionArn}/$default/${METHOD}${pathOf(type)}`),
        },
      ]
    },
  }
}
