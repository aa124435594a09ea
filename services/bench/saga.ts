// P11: an enrollment from its request to access: 16 in flight against a DBOS workflow of the same steps, and one at a time.
import { installPeers } from '#bus/bench/harness/peers.ts'
import { finding, unmeasured, verdict } from '#bus/bench/harness/report.ts'
import { alternate, figureOf, printRounds, timesFaster } from '#bus/bench/harness/rounds.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'
import { openBenchDatabase } from './database.ts'

const program = (file: string) => new URL(`saga/${file}`, import.meta.url)
const OURS = 'saga, 16 in flight'
const ALONE = 'saga, one at a time'
const DBOS = 'DBOS workflow, 16 in flight'
const RATIO = 'enrollments completed, times a DBOS workflow'

const missing = await installPeers()
const database = await openBenchDatabase([learningTables])
// The relay of one side must not find the messages of the other.
const another = await openBenchDatabase([learningTables])
try {
  const given = (atOnce: number) => ({ arguments: [database.url, String(atOnce)] })
  const peers = [{ name: DBOS, program: program('dbos-side.mjs'), arguments: [another.url, '16'], operations: 300 }]
  const results = await alternate([
    { name: OURS, program: program('service-side.ts'), ...given(16), operations: 300 },
    ...(missing ? [] : peers),
  ])
  printRounds('Enrollments, from the request to access', results)
  finding('P11', 'enrollments completed per second, 16 in flight', 1e6 / figureOf(results, OURS, (r) => r.microseconds))
  finding(
    'P11',
    'statements of one',
    figureOf(results, OURS, ({ figures }) => figures['statements each']),
  )
  if (missing) unmeasured('P11', RATIO, missing)
  else {
    const ratio = timesFaster(results, OURS, DBOS)
    verdict('P11', RATIO, ratio, '>= 3', ratio >= 3)
  }
  const alone = await alternate([{ name: ALONE, program: program('service-side.ts'), ...given(1), operations: 100 }])
  printRounds('One at a time', alone)
  const p50 = figureOf(alone, ALONE, ({ figures }) => figures['p50 ms'])
  verdict('P11', 'an enrollment to access, p50 ms', p50, '<= 10', p50 <= 10)
  finding(
    'P11',
    'an enrollment to access, p99 ms',
    figureOf(alone, ALONE, ({ figures }) => figures['p99 ms']),
  )
} finally {
  await Promise.all([database.close(), another.close()])
}
