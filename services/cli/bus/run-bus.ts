import { createAwsClients } from '#bus/transports/aws/clients.ts'
import type { ConfigSource } from '#services/kit/config.ts'
import type { Patience } from '../client/persistent-fetch.ts'
import type { Terminal } from '../client/terminal.ts'
import type { Arguments } from './arguments.ts'
import { connectionOf, readBusConfig } from './config.ts'
import { platformTopology } from './contracts.ts'
import { openDeadQueues } from './dead-queues.ts'
import { runDeadLetters } from './run-dead-letters.ts'
import { runDoctor } from './run-doctor.ts'
import { runProvision } from './run-provision.ts'
import { runTopology } from './run-topology.ts'

export interface BusSurroundings {
  readonly terminal: Terminal
  readonly wait: Patience['wait']
  /** The environment of this process when not given. */
  readonly source?: ConfigSource
}

/** Does what was asked; returns the exit code. Throws `ConfigError`. */
export async function runBus(
  asked: Exclude<Arguments, { kind: 'help' | 'wrong' }>,
  { terminal, wait, source }: BusSurroundings,
): Promise<0 | 1> {
  const config = readBusConfig(source)
  if (asked.kind === 'topology') return runTopology(asked, config, terminal)
  if (asked.kind === 'provision') return await runProvision(config, terminal)
  const connection = connectionOf(config)
  const clients = connection && createAwsClients(connection)
  const topology = platformTopology(config, asked.kind === 'doctor' && asked.functions)
  try {
    if (asked.kind === 'dlq') {
      const queues = clients && openDeadQueues(clients, topology)
      return await runDeadLetters(asked.options, { terminal, wait, queues })
    }
    const aws = clients && { clients, topology }
    return await runDoctor(asked.options, { terminal, wait, replySlots: config.REPLY_SLOTS, aws })
  } finally {
    clients?.close()
  }
}
