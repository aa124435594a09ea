// P5: from the outbox to the inbox of a subscriber: drained per second against graphile-worker, and latency at 100/s.
import { installPeers } from '#bus/bench/harness/peers.ts'
import { unmeasured, verdict } from '#bus/bench/harness/report.ts'
import { alternate, figureOf, printRounds, timesFaster } from '#bus/bench/harness/rounds.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'
import { openBenchDatabase } from './database.ts'

const program = (file: string) => new URL(`relay/${file}`, import.meta.url)
const OURS = 'relay with inbox'
const PEER = 'graphile-worker, same insert'
const LATENCY = 'flush to handled, 100/s'
const DRAINED = 'drained, times graphile-worker'

const missing = await installPeers()
const database = await openBenchDatabase([learningTables])
try {
  const sides = [{ name: OURS, program: program('outbox-side.ts'), arguments: [database.url], operations: 10_000 }]
  const peers = [{ name: PEER, program: program('graphile-side.mjs'), arguments: [database.url], operations: 10_000 }]
  const drained = await alternate(missing ? sides : [...sides, ...peers])
  printRounds('Draining', drained)
  if (missing) unmeasured('P5', DRAINED, missing)
  else {
    const ratio = timesFaster(drained, OURS, PEER)
    verdict('P5', DRAINED, ratio, '>= 1.5', ratio >= 1.5)
  }
  const latency = await alternate([
    { name: LATENCY, program: program('latency-side.ts'), arguments: [database.url], operations: 300 },
  ])
  printRounds('Latency', latency)
  for (const [figure, mostMs] of [
    ['p50 ms', 3],
    ['p99 ms', 12],
  ] as const) {
    const ms = figureOf(latency, LATENCY, ({ figures }) => figures[figure])
    verdict('P5', `from commit to handled at 100/s, ${figure}`, ms, `<= ${mostMs}`, ms <= mostMs)
  }
} finally {
  await database.close()
}
