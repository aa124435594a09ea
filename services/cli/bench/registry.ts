export interface Bench {
  /** The targets that it measures; what it prints for each begins with the id. */
  readonly ids: readonly string[]
  /** A program of its own, as a path in the repository. */
  readonly program: string
  readonly arguments?: readonly string[]
}

/** Every bench, in the order in which they are run. */
export const benches: readonly Bench[] = [
  { ids: ['P6'], program: 'bus/bench/dispatch.ts' },
  { ids: ['P7'], program: 'bus/bench/request-reply.ts' },
  { ids: ['P13'], program: 'bus/bench/aws-calls.ts' },
  { ids: ['P5'], program: 'services/bench/relay.ts' },
  { ids: ['P4'], program: 'services/bench/enroll.ts' },
  { ids: ['P1', 'P2'], program: 'services/bench/read.ts' },
  { ids: ['P11'], program: 'services/bench/saga.ts' },
  { ids: ['P8'], program: 'services/bench/lambda.ts' },
  { ids: ['P10'], program: 'services/bench/start.ts' },
  { ids: ['P3', 'P9'], program: 'edge/bench/catalog.ts', arguments: ['4000'] },
]
