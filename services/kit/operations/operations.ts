import type { AnyCommandHandler, AnyQueryHandler } from '#bus/cqrs/handler.ts'
import type { Route } from '../http/route.ts'

/** Operations that several services have alike; a service spreads them into its definition. */
export interface Operations {
  readonly commands: readonly AnyCommandHandler[]
  readonly queries: readonly AnyQueryHandler[]
  readonly routes: readonly Route[]
}

/** Where the operations of one service are: what their types, paths and ids begin with. */
export interface Area {
  readonly service: string
  /** `/v1/sagas/learning` */
  readonly path: string
  /** `TutorMatching` for `tutor-matching`, as operation ids spell it. */
  readonly title: string
}

export const areaOf = (resource: string, service: string): Area => ({
  service,
  path: `/v1/${resource}/${service}`,
  title: service
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(''),
})

export const commandOperation = (handler: AnyCommandHandler, route: Route): Operations => ({
  commands: [handler],
  queries: [],
  routes: [route],
})

export const queryOperation = (handler: AnyQueryHandler, route: Route): Operations => ({
  commands: [],
  queries: [handler],
  routes: [route],
})

export const combined = (operations: readonly Operations[]): Operations => ({
  commands: operations.flatMap(({ commands }) => commands),
  queries: operations.flatMap(({ queries }) => queries),
  routes: operations.flatMap(({ routes }) => routes),
})
