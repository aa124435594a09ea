import { HOUR } from '#domain/kernel/clock.ts'
import { type Loop, startLoop } from '#bus/outbox/loop.ts'
import type { ServiceDefinition } from '../service.ts'
import { type ComposedService, composeService, type HostPorts } from './compose-service.ts'

/** A service that runs: its doors are open for the host to mount. */
export interface RunningService extends Pick<ComposedService, 'name' | 'runtime' | 'http' | 'ready'> {
  /** Takes no more work up and finishes what is under way; what others ask of it is answered still. */
  drain(): Promise<void>
  /** Drains it and lets go of everything. A host drains all of its services before it stops one. */
  stop(): Promise<void>
}

const RELAY_IDLE_MS = 250
const TIMER_IDLE_MS = 500

/** Composes a service and starts its loops: relay, timers and jobs. */
export const runService = <Config>(
  service: ServiceDefinition<Config>,
  config: Config,
  ports: HostPorts,
): RunningService => {
  const composed = composeService(service, config, ports)
  const { name, logger, runtime, http, ready, prune, dispose } = composed

  const onError = (work: string) => (error: unknown) => logger.error({ err: error }, `${work} failed`)
  const relay = startLoop({
    round: runtime.relay,
    idleMs: RELAY_IDLE_MS,
    failedMs: RELAY_IDLE_MS,
    onError: onError('relay'),
  })
  composed.onCommit(relay.poke)

  const every = (everyMs: number, work: string, run: () => Promise<void>): Loop =>
    startLoop({
      round: () => run().then(() => 0),
      idleMs: everyMs,
      failedMs: Math.min(everyMs, 5_000),
      onError: onError(work),
    })
  const loops = [
    startLoop({ round: runtime.timers, idleMs: TIMER_IDLE_MS, failedMs: TIMER_IDLE_MS, onError: onError('timers') }),
    every(HOUR, 'prune', prune),
    ...service.jobs.map((job) => every(job.everyMs, job.name, job.bind(runtime.resolve))),
  ]

  const drain = async (): Promise<void> => {
    await Promise.all(loops.map((loop) => loop.stop()))
    await relay.stop()
  }

  return {
    name,
    runtime,
    http,
    ready,
    drain,
    stop: async () => {
      await drain()
      await dispose()
    },
  }
}
