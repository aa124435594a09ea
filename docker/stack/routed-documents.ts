import { documentOf } from '#services/kit/http/document/service-document.ts'
import type { ServiceDefinition } from '#services/kit/service.ts'
import type { RoutedDocument } from '../proxy/route-table.ts'

/** Documents as the services serve them in development, their own addresses included. */
export const routedDocuments = (
  services: readonly Pick<ServiceDefinition, 'name' | 'title' | 'routes'>[],
): Record<string, RoutedDocument> =>
  Object.fromEntries(
    services.map((service) => {
      const development = service.routes.filter(({ developmentOnly }) => developmentOnly)
      const paths = {
        ...documentOf(service).paths,
        ...Object.fromEntries(development.map(({ path, method }) => [path, { [method]: {} }])),
        [`/openapi/${service.name}.json`]: { get: {} },
      }
      return [service.name, { paths }]
    }),
  )
