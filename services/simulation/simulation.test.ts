import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { registeredFailpoints } from '#bus/failpoints.ts'
import { type Outcome, runSeed } from './run-seed.ts'

const { SIMULATION_SEED, SIMULATION_SEEDS, SIMULATION_SECONDS } = process.env

/** Exactly so many seeds, or as many as fit into the seconds. */
const wanted = SIMULATION_SEEDS === undefined ? Number.POSITIVE_INFINITY : Number(SIMULATION_SEEDS)
const budgetMs = SIMULATION_SEEDS === undefined ? Number(SIMULATION_SECONDS ?? 45) * 1_000 : Number.POSITIVE_INFINITY

/** What a person needs to see what went wrong, and to see it again. */
const report = (seed: number, { violations, surprises, trace }: Outcome): string =>
  [
    `Seed ${seed} broke a promise. Run it again: SIMULATION_SEED=${seed} npm test -- simulation`,
    ...violations.map(({ id, detail }) => `${id}: ${detail}`),
    ...surprises,
    ...trace.slice(-80),
  ].join('\n')

/** The audience sends nothing. */
const UNREACHED = /^audience\.relay\./

const check = (seed: number, outcome: Outcome): void => {
  if (outcome.violations.length + outcome.surprises.length > 0) expect.fail(report(seed, outcome))
}

describe.runIf(SIMULATION_SEED !== undefined)('one seed', () => {
  test('keeps every invariant', async () => {
    const seed = Number(SIMULATION_SEED)
    const outcome = await runSeed(seed)
    console.log(outcome.trace.join('\n'))
    check(seed, outcome)
  })
})

describe.runIf(SIMULATION_SEED === undefined)('the platform under a scheduler that lets everything fail', () => {
  test('runs the same way twice for one seed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [first, second] = [await runSeed(seed), await runSeed(seed)]
      expect(second.trace).toEqual(first.trace)
      expect(second.digest()).toBe(first.digest())
    }
  })

  test('keeps every invariant in every seed', { timeout: 3_600_000 }, async () => {
    const startedAt = performance.now()
    const died = new Set<string>()
    let seed = 0
    while (seed < wanted && performance.now() - startedAt < budgetMs) {
      seed += 1
      const outcome = await runSeed(seed)
      check(seed, outcome)
      for (const place of outcome.crashes.keys()) died.add(place)
      await setImmediate()
    }
    const seconds = (performance.now() - startedAt) / 1_000
    const spared = registeredFailpoints().filter((place) => !died.has(place) && !UNREACHED.test(place))
    console.log(`${seed} seeds in ${seconds.toFixed(0)} s, ${(seed / seconds).toFixed(0)} seeds/s`)
    if (spared.length > 0) console.log(`No process died at ${spared.join(', ')}`)
    // Any other failpoint that no process of many seeds dies at is one that the simulation cannot reach.
    expect(seed < 3_000 ? [] : spared).toEqual([])
  })
})
