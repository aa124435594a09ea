import { Hono } from 'hono'
import { catalogProxy } from '#services/embedded/catalog-proxy.ts'
import { mountHttpApps } from '#services/kit/http/app.ts'
import { createExplorer, type ExplorerOptions } from '#services/kit/http/explorer.ts'
import { describeOperation } from '#services/kit/http/operation.ts'
import { createProblemPages } from '#services/kit/http/problem-pages.ts'
import type { Logger } from '#services/kit/logging.ts'
import type { ServiceDefinition } from '#services/kit/service.ts'

export interface FrontOptions {
  readonly services: readonly Pick<ServiceDefinition, 'name' | 'routes'>[]
  readonly catalogUrl: string
  readonly demoLogins: ExplorerOptions['demoLogins']
  readonly logger: Logger
}

/** What belongs to no service: explorer, problem pages, the catalog under the API's origin, and the answer to unknown paths. */
export const createFront = ({ services, catalogUrl, demoLogins, logger }: FrontOptions): Hono => {
  const app = new Hono()
  app.get('/', ({ redirect }) => redirect('/docs'))
  catalogProxy(app, catalogUrl)
  const documents = [
    ...services.map(({ name }) => ({ name, url: `/openapi/${name}.json` })),
    { name: 'catalog', url: '/catalog/v1/openapi.json' },
  ]
  app.route('/', createExplorer({ documents, demoLogins }))
  app.route('/', createProblemPages(services.flatMap(({ routes }) => routes.map(describeOperation))))
  mountHttpApps(app, [], { logger })
  return app
}
