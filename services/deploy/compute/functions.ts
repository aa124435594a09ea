import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { queueNames } from '#bus/transports/aws/topology.ts'
import { SERVICES } from '../contracts.ts'
import { entries } from '../entries.ts'
import { environmentOf } from '../environment.ts'
import { FUNCTION_TIMEOUT_SECONDS, FUNCTIONS_AT_ONCE } from '../function-limits.ts'
import { logicalName } from '../logical-name.ts'
import { projectDirectory } from '../platform.ts'
import { createServiceRole } from '../rights.ts'
import type { Compute, ComputeOptions } from './compute.ts'
import { integrateFunction } from './integrate-function.ts'
import { createInternalApi } from './internal-api.ts'

/** The fonts that sources of a service read beside themselves, which is beside the bundle here. */
const fontsOf = (service: string): { from: string; to: string }[] => {
  const from = `services/${service}/fonts`
  return existsSync(join(projectDirectory, from)) ? [{ from, to: 'fonts' }] : []
}

/**
 * Every service as three functions of one bundle: what the API calls, what its queues call with batches of ten, and what
 * a schedule calls every minute for the relay, the timers and the jobs.
 */
export const createFunctions = ({ settings, network, bus, api, sources, after }: ComputeOptions): Compute => {
  const { prefix } = settings
  const names = queueNames(prefix)
  const internal = createInternalApi(settings)
  const integrations = new Map<string, $util.Input<string>>()
  const functionNames: $util.Output<string>[] = []

  for (const service of SERVICES) {
    const { plain, secret } = environmentOf(service, { ...sources, internalUrlOf: () => internal.url })
    const role = createServiceRole(service, bus, sources.identities, settings)
    const functionOf = (entry: 'http' | 'queue' | 'schedule') => {
      const made = new sst.aws.Function(
        logicalName(service.name, entry),
        {
          handler: entries.handler(service.name, entry),
          runtime: 'nodejs24.x',
          architecture: 'arm64',
          memory: '1024 MB',
          timeout: `${FUNCTION_TIMEOUT_SECONDS} seconds`,
          vpc: network,
          role: role.arn,
          environment: { ...plain, ...secret },
          copyFiles: fontsOf(service.name),
          retries: 0,
          concurrency: { reserved: entry === 'schedule' ? 1 : FUNCTIONS_AT_ONCE },
          logging: { retention: '1 month' },
          dev: false,
        },
        { dependsOn: [...after] },
      )
      functionNames.push(made.name)
      return made
    }

    const http = functionOf('http')
    integrations.set(service.name, integrateFunction(`Api ${service.name}`, api.nodes.api, http).id)
    internal.route(service, http)

    const queue = functionOf('queue')
    for (const source of [names.events(service.name), names.commands(service.name)])
      new aws.lambda.EventSourceMapping(source, {
        eventSourceArn: bus.arnOf(source),
        functionName: queue.arn,
        batchSize: 10,
        functionResponseTypes: ['ReportBatchItemFailures'],
        scalingConfig: { maximumConcurrency: FUNCTIONS_AT_ONCE / 2 },
      })

    new sst.aws.CronV2(logicalName(service.name, 'every-minute'), {
      schedule: 'rate(1 minute)',
      function: functionOf('schedule').arn,
    })
  }
  return { integrations, functionNames }
}
