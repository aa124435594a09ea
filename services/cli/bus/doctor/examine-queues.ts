import type { Drift, TopologyInspection } from '#bus/transports/aws/drift.ts'
import type { Finding } from './finding.ts'

const DEAD = '-dlq'
/** More than a burst that consumers are working off. */
const MANY_WAITING = 1_000

/** What is wrong with queues, rules and event bus, and what lies where nothing should. */
export function examineQueues({ drifts, depths }: TopologyInspection): Finding[] {
  return [
    ...drifts.map((drift) => ({
      where: `${drift.what} ${drift.name}`,
      problem: drift.problem,
      help: helpFor(drift),
    })),
    ...depths.flatMap(({ name, waiting, inFlight }): Finding[] => {
      const where = `queue ${name}`
      if (name.endsWith(DEAD) && waiting + inFlight > 0)
        return [
          {
            where,
            problem: `${waiting + inFlight} messages that the queue service gave up`,
            help: `See why by "npm run bus -- dlq ls --queue ${name}"; then "dlq redrive --all --queue ${name}" or "dlq drop".`,
          },
        ]
      if (waiting < MANY_WAITING) return []
      return [
        {
          where,
          problem: `${waiting} messages wait`,
          help: 'Its consumers are too slow or gone: see whether the service runs and what its log says; start more instances.',
        },
      ]
    }),
  ]
}

const helpFor = ({ problem, what }: Drift): string =>
  problem === 'is in no contract'
    ? `No process uses it: delete the ${what} once nothing is in it, unless somebody made it on purpose.`
    : 'Make it as the contracts want it: "npm run bus -- provision" at an emulator, "npx sst deploy" in production.'
