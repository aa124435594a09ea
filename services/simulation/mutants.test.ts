import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { MUTANTS } from './mutants/mutants.ts'
import { runSeed, type Outcome } from './run-seed.ts'
import type { Mutation } from './world/mutation.ts'

/** A person who looks at one seed wants nothing else. */
const wanted = process.env['SIMULATION_SEED'] === undefined

/** Seeds within which a fault that was built in must show. */
const BOUND = 1_000
/** Seeds that a mutant with an excuse must survive. */
const SURVIVED = 60

const firstCaught = async (
  mutation: Mutation,
  seeds: number,
): Promise<{ seed: number; outcome: Outcome } | undefined> => {
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await runSeed(seed, mutation)
    if (outcome.violations.length > 0) return { seed, outcome }
    await setImmediate()
  }
  return undefined
}

const dangerous = MUTANTS.filter(({ survivesBecause }) => survivesBecause === undefined)
const harmless = MUTANTS.flatMap(({ survivesBecause, ...mutant }) =>
  survivesBecause ? [{ ...mutant, survivesBecause }] : [],
)

describe.runIf(wanted)('the simulation catches it when', { timeout: 600_000 }, () => {
  test.for(dangerous)('$name', async ({ mutation }) => {
    expect(await firstCaught(mutation, BOUND)).toBeDefined()
  })
})

describe.runIf(wanted)('the platform makes up for it when', { timeout: 600_000 }, () => {
  test.for(harmless)('$name, because $survivesBecause', async ({ mutation }) => {
    expect((await firstCaught(mutation, SURVIVED))?.outcome.violations).toBeUndefined()
  })
})
