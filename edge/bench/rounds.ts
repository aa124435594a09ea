import { load, type Measured, type Target } from './load.ts'

const ROUNDS = 3
const ATTEMPTS = 5

/** Three rounds, the sides taking turns: what the machine does meanwhile hits both. */
export async function alternate(sides: readonly Target[], requests: number): Promise<Map<string, Measured[]>> {
  const results = new Map<string, Measured[]>(sides.map(({ name }) => [name, []]))
  for (const side of sides) await load(side, Math.ceil(requests / 4))
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) results.get(side.name)?.push(await undisturbed(side, requests))
  }
  return results
}

/** Measured again when more than a hundredth of the answers did not do the work; the last try counts, and says so. */
async function undisturbed(side: Target, requests: number): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const measured = await load(side, requests)
    if (measured.failed <= requests / 100 || attempt === ATTEMPTS) return measured
  }
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b)
export const median = (values: readonly number[]) => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN

const spread = (values: readonly number[]) => {
  const [low, ...others] = sorted(values)
  return `${low?.toFixed(0)}..${others.at(-1)?.toFixed(0)}`
}

/** Median ratio of two sides, round by round. */
export function ratio(results: ReadonlyMap<string, Measured[]>, of: string, to: string, figure: keyof Measured) {
  const other = results.get(to) ?? []
  return median((results.get(of) ?? []).map((measured, round) => measured[figure] / (other[round]?.[figure] ?? 0)))
}

export function printRounds(results: ReadonlyMap<string, Measured[]>): void {
  for (const [name, rounds] of results) {
    const rates = rounds.map(({ requestsPerSecond }) => requestsPerSecond)
    const cpu = rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)
    const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
    console.log(
      `  ${name.padEnd(28)} ${median(rates).toFixed(0).padStart(6)} requests/s (${spread(rates)})` +
        `  ${median(cpu).toFixed(0).padStart(4)} us CPU (${spread(cpu)})${failed ? `  ${failed} FAILED` : ''}`,
    )
  }
}

export function verdict(id: string, what: string, value: number, target: string, met: boolean): void {
  console.log(`${id}  ${what}: ${value.toFixed(2)} (target ${target}) ${met ? 'met' : 'MISSED'}`)
}
