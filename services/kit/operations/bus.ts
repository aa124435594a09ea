import { getBus } from './bus/get-bus.ts'
import { areaOf, type Operations } from './operations.ts'

/**
 * The operation that shows where one service's messages stand, under `/v1/bus/{service}`.
 * @example
 * const bus = busOperations('learning')
 * defineService({ queries: [...bus.queries], routes: [...bus.routes] })
 */
export const busOperations = (service: string): Operations => getBus(areaOf('bus', service))
