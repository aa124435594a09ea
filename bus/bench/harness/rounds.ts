import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Round } from './side.ts'

const ROUNDS = 3

/** One of the things compared: a program that calls `serveRounds`. */
export interface Side {
  readonly name: string
  readonly program: URL
  readonly arguments?: readonly string[]
  readonly operations: number
}

/** Rounds by the name of their side. */
export type Results = ReadonlyMap<string, readonly Round[]>

/** Three rounds after one to warm up, the sides taking turns: what else the machine does meanwhile hits them alike. */
export const alternate = async (sides: readonly Side[]): Promise<Results> => {
  const running: { readonly side: Side; readonly child: ChildProcess; readonly rounds: Round[] }[] = []
  try {
    for (const side of sides) running.push({ side, child: await start(side), rounds: [] })
    for (const { child, side } of running) await order(child, side.operations)
    for (let round = 0; round < ROUNDS; round++)
      for (const { side, child, rounds } of running) rounds.push(await order(child, side.operations))
    return new Map(running.map(({ side, rounds }) => [side.name, rounds]))
  } finally {
    for (const { child } of running) child.disconnect()
  }
}

const start = async ({ name, program, arguments: values = [] }: Side): Promise<ChildProcess> => {
  const child = fork(fileURLToPath(program), values)
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (answer !== 'ready') throw new Error(`The side "${name}" did not start.`)
  return child
}

const order = async (child: ChildProcess, operations: number): Promise<Round> => {
  child.send({ operations })
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  const round = Round.safeParse(answer)
  if (!round.success) throw new Error('A side ended in the middle of a round; its own message is above.')
  return round.data
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b)
export const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN
const spread = (values: readonly number[]): string => `${short(Math.min(...values))}..${short(Math.max(...values))}`
const short = (value: number): string => (value < 100 ? value.toPrecision(3) : value.toFixed(0))

/** Times that `other` takes as long as `side`: the median of the rounds, pair by pair. */
export const timesFaster = (results: Results, side: string, other: string): number => {
  const others = results.get(other) ?? []
  return median((results.get(side) ?? []).map(({ microseconds }, at) => (others[at]?.microseconds ?? 0) / microseconds))
}

/** The median of one figure of a side. */
export const figureOf = (results: Results, side: string, pick: (round: Round) => number | undefined): number =>
  median((results.get(side) ?? []).map((round) => pick(round) ?? Number.NaN))

/** Prints each side's time, CPU and own figures for an operation: median and spread. */
export const printRounds = (title: string, results: Results): void => {
  console.log(title)
  for (const [name, rounds] of results) {
    const times = rounds.map(({ microseconds }) => microseconds)
    const cpu = rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)
    const own = Object.keys(rounds[0]?.figures ?? {}).map(
      (figure) => `${figure} ${short(median(rounds.map(({ figures }) => figures[figure] ?? Number.NaN)))}`,
    )
    const line = [
      `  ${name.padEnd(36)} ${short(median(times)).padStart(6)} us (${spread(times)})`,
      `${(1e6 / median(times)).toFixed(0)}/s`,
      `${short(median(cpu))} us CPU (${spread(cpu)})`,
      ...own,
    ]
    console.log(line.join('  '))
  }
}
