import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { reasonOf } from '#bus/transports/aws/failures.ts'
import { provision } from '#bus/transports/aws/provision.ts'
import type { Terminal } from '../client/terminal.ts'
import { type BusConfig, connectionOf } from './config.ts'
import { platformTopology } from './contracts.ts'
import { topologyLines } from './topology-lines.ts'

/** Makes the topology at an emulator; a deployment makes that of production, with its keys, alarms and rights. */
export async function runProvision(config: BusConfig, terminal: Terminal): Promise<0 | 1> {
  const { AWS_ENDPOINT_URL: endpoint } = config
  const connection = connectionOf(config)
  if (endpoint === undefined || connection === undefined || isAws(endpoint)) {
    terminal.error(
      'provision makes queues and rules at an emulator only: set AWS_ENDPOINT_URL to its address. ' +
        'Those of production are made by "npx sst deploy".',
    )
    return 1
  }
  const topology = platformTopology(config, false)
  const clients = createAwsClients(connection)
  try {
    await provision(clients, topology)
  } catch (error) {
    terminal.error(`Nothing was made, or not all of it: ${endpoint} says: ${reasonOf(error)}`)
    return 1
  } finally {
    clients.close()
  }
  for (const line of topologyLines(topology)) terminal.out(line)
  const { queues, rules } = topology
  terminal.out('')
  terminal.out(`Made at ${endpoint}: 1 event bus, ${queues.length} queues, ${rules.length} rules, 1 bucket.`)
  return 0
}

const isAws = (endpoint: string): boolean => /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname)
