import type { Clock as ClockPort } from '#domain/kernel/clock.ts'
import { token } from '#bus/cqrs/token.ts'
import type { DeadLetters as DeadLettersPort } from '#bus/dead-letters/dead-letters.ts'
import type { BusInspection as BusInspectionPort } from '#bus/inspection/inspection.ts'
import type { Database as DatabasePort } from '#bus/postgres/database.ts'
import type { Requester as RequesterPort } from '#bus/request-reply/requester.ts'
import type { Sagas as SagasPort } from '#bus/sagas/sagas.ts'
import type { SagaStore as SagaStorePort } from '#bus/sagas/store.ts'
import type { Transport as TransportPort } from '#bus/transports/transport.ts'
import type { Cursors as CursorsPort } from './http/cursor.ts'
import type { Redis as RedisPort } from './redis/redis.ts'

/** What the platform binds for every service; a service binds the rest in its `module.ts`. */
export const Clock = token<ClockPort>('kit.Clock')
export const Database = token<DatabasePort>('kit.Database')
export const Redis = token<RedisPort>('kit.Redis')
/** Asks other services. */
export const Requester = token<RequesterPort>('kit.Requester')
/** Starts, cancels and retries the sagas of the own service. */
export const Sagas = token<SagasPort>('kit.Sagas')
export const SagaStore = token<SagaStorePort>('kit.SagaStore')
export const DeadLetters = token<DeadLettersPort>('kit.DeadLetters')
/** Where the service's messages stand. */
export const BusInspection = token<BusInspectionPort>('kit.BusInspection')
export const Transport = token<TransportPort>('kit.Transport')
/** The places of pages as text; signed with one secret in every process of the platform. */
export const Cursors = token<CursorsPort>('kit.Cursors')
