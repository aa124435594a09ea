import { createHash } from 'node:crypto'
import { onFailpoint } from '#bus/failpoints.ts'
import type { Evidence } from './invariants/evidence.ts'
import { checkInCalm, checkInTheEnd, createAlways, type Violation } from './invariants/invariants.ts'
import { Client, createJournal } from './people/client.ts'
import { Learner } from './people/learner.ts'
import { Operator, RECONCILE_EVERY_MS } from './people/operator.ts'
import type { Mutation } from './world/mutation.ts'
import { World } from './world/world.ts'

/** Steps with faults at most; people who are not done by then stop. */
const SAFETY_STEPS = 1_500
/** Steps by which the platform must have come to rest without faults. */
const LIVENESS_STEPS = 10_000
const REPAIRS = 60

export interface Outcome {
  readonly violations: readonly Violation[]
  /** Failures that no contract names; they are no violation by themselves. */
  readonly surprises: readonly string[]
  readonly trace: readonly string[]
  /** A digest of the trace and of everything stored in the end. */
  digest(): string
  readonly steps: number
  readonly crashes: ReadonlyMap<string, number>
}

const digestOf = ({ scheduler, learning, payment, bank, hosts }: World): string => {
  const stored = [
    learning.runs,
    learning.enrollments,
    payment.payments,
    payment.refunds,
    payment.payouts,
    bank.provider.account.intents,
  ]
  const written = hosts.flatMap(({ bus }) => bus.written.map(({ envelope }) => envelope))
  const text = JSON.stringify([scheduler.trace, stored.map((map) => [...map]), written])
  return createHash('sha256').update(text).digest('hex')
}

/** Runs one seed from the first request to the rest after the last repair; the same seed always runs the same way. */
export const runSeed = async (seed: number, mutation: Mutation = {}): Promise<Outcome> => {
  const world = new World(seed, mutation)
  const journal = createJournal()
  const evidence: Evidence = { world, journal }
  const always = createAlways()
  const violations: Violation[] = []
  let steps = 0
  let changes = 0

  const step = async (): Promise<boolean> => {
    steps += 1
    const more = await world.step()
    if (world.changes === changes) return more
    changes = world.changes
    violations.push(...always(evidence))
    return more && violations.length === 0
  }

  try {
    const people = populate(evidence)
    await people.begin()
    for (let left = SAFETY_STEPS; left > 0 && (await step()) && !people.areDone(); left--);
    world.calmDown()
    violations.push(...(await calm(evidence, people.operator, step)))
    if (violations.length === 0) violations.push(...checkInTheEnd(evidence))
  } finally {
    onFailpoint(undefined)
  }
  const { trace } = world.scheduler
  return {
    violations,
    surprises: journal.surprises,
    trace,
    digest: () => digestOf(world),
    steps,
    crashes: world.crashes,
  }
}

const populate = ({ world, journal }: Evidence) => {
  const { random, ids } = world
  const client = (...roles: ('learner' | 'admin')[]) => new Client({ world, journal, userId: ids.next('usr'), roles })
  const learners = Array.from({ length: random.between(2, 4) }, () => new Learner(world, client('learner')))
  const operator = new Operator(world, client('admin'))
  const runs = [...world.learning.runs.values()].map(({ state }) => state.id)
  let underWay = 0
  const track = async (life: Promise<void>): Promise<void> => {
    underWay += 1
    await life
    underWay -= 1
  }
  return {
    operator,
    areDone: () => underWay === 0,
    begin: async () => {
      for (const learner of learners) void track(learner.live(runs))
      void track(operator.live())
      void track(operator.payOutNowAndThen())
      void operator.reconcileNowAndThen()
      await world.scheduler.settle()
    },
  }
}

/** Without faults everything ends by itself, or after the repairs that operators can see are needed. */
const calm = async (evidence: Evidence, operator: Operator, step: () => Promise<boolean>): Promise<Violation[]> => {
  const { world } = evidence
  let repairs = 0
  for (let left = LIVENESS_STEPS; left > 0; left--) {
    if (!world.isBusy) {
      const violations = checkInCalm(evidence)
      if (violations.length > 0) return violations
      world.bank.settleAll()
      if (repairs++ < REPAIRS && (await finish(world, operator.repair(), step))) continue
    }
    if (await step()) continue
    if (!operator.isUnsettled || repairs > REPAIRS) return []
    world.scheduler.advanceTo(world.scheduler.nowMs + RECONCILE_EVERY_MS)
  }
  return [{ id: 'I8', detail: `It did not come to rest within ${LIVENESS_STEPS} steps.` }]
}

/** Lets the world go on until the work is done. */
const finish = async (world: World, work: Promise<boolean>, step: () => Promise<boolean>): Promise<boolean> => {
  let result: boolean | undefined
  void work.then((value) => {
    result = value
  })
  await world.scheduler.settle()
  while (result === undefined && (await step()));
  return result ?? false
}
