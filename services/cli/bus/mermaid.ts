import type { Topology } from '#bus/transports/aws/topology.ts'
import { queueNames } from '#bus/transports/aws/topology.ts'
import { SOURCE_PREFIX } from '#bus/envelope.ts'

/** Who sends to whom past the event bus. */
export interface DirectSends {
  readonly service: string
  readonly commands: readonly string[]
  readonly requests: readonly string[]
}

const node = (kind: string, name: string): string => `${kind}_${name.replaceAll(/\W/g, '_')}`

/** The way of every event and message: publishers, event bus, rules, queues, services. */
export function mermaidOf({ eventBus, rules }: Topology, sends: readonly DirectSends[]): string[] {
  const names = queueNames(eventBus)
  const sender = (service: string): string => `${node('from', service)}([${service}])`
  const receiver = (service: string): string => `${node('to', service)}([${service}])`
  const queue = (name: string): string => `${node('queue', name)}[("${name}")]`
  const publishers = new Set(rules.map(({ pattern }) => pattern.source[0].slice(SOURCE_PREFIX.length)))
  const lines = [
    ...[...publishers].map((service) => `${sender(service)} --> bus{{"event bus ${eventBus}"}}`),
    ...rules.flatMap((rule) => [
      `bus --> ${node('rule', rule.name)}["${rule.name}<br/>${rule.pattern['detail-type'].join('<br/>')}"]`,
      `${node('rule', rule.name)} --> ${queue(rule.queue)}`,
    ]),
    ...sends.flatMap(({ service, commands, requests }) => [
      ...commands.map((to) => `${sender(service)} -- commands --> ${queue(names.commands(to))}`),
      ...requests.map((to) => `${sender(service)} -- requests --> ${queue(names.requests(to))}`),
    ]),
    ...sends.flatMap(({ service }) => [
      ...(rules.some((rule) => rule.queue === names.events(service))
        ? [`${queue(names.events(service))} --> ${receiver(service)}`]
        : []),
      ...(sends.some(({ commands }) => commands.includes(service))
        ? [`${queue(names.commands(service))} --> ${receiver(service)}`]
        : []),
      ...(sends.some(({ requests }) => requests.includes(service))
        ? [`${queue(names.requests(service))} --> ${receiver(service)}`]
        : []),
    ]),
  ]
  return ['flowchart LR', ...lines.map((line) => `  ${line}`)]
}
