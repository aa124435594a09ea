import { destinationsOf, SERVICES } from '#services/deploy/contracts.ts'
import type { Terminal } from '../client/terminal.ts'
import type { BusConfig } from './config.ts'
import { platformTopology } from './contracts.ts'
import { mermaidOf } from './mermaid.ts'
import { topologyLines } from './topology-lines.ts'

/** Prints what the contracts want; needs nothing that runs. */
export function runTopology(
  { mermaid, functions }: { readonly mermaid: boolean; readonly functions: boolean },
  config: BusConfig,
  terminal: Terminal,
): 0 {
  const topology = platformTopology(config, functions)
  const lines = mermaid
    ? mermaidOf(
        topology,
        SERVICES.map(({ name }) => ({ service: name, ...destinationsOf(name) })),
      )
    : topologyLines(topology)
  for (const line of lines) terminal.out(line)
  return 0
}
