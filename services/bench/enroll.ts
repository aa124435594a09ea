// P4: requesting an enrollment, 16 in flight: seat, enrollment, saga, journal, two messages and the idempotency record.
import { installPeers } from '#bus/bench/harness/peers.ts'
import { unmeasured, verdict } from '#bus/bench/harness/report.ts'
import { alternate, printRounds, timesFaster } from '#bus/bench/harness/rounds.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'
import { openBenchDatabase } from './database.ts'

const program = (file: string) => new URL(`enroll/${file}`, import.meta.url)
const OURS = 'command bus, one-statement flush'
const DRIZZLE = 'drizzle transaction'
const TYPEORM = 'TypeORM transaction'

const missing = await installPeers()
const database = await openBenchDatabase([learningTables])
try {
  const given = { arguments: [database.url], operations: 1_500 }
  const results = await alternate([
    { name: OURS, program: program('command-side.ts'), ...given },
    { name: DRIZZLE, program: program('drizzle-side.ts'), ...given },
    ...(missing ? [] : [{ name: TYPEORM, program: program('typeorm-side.mjs'), ...given }]),
  ])
  printRounds('Enrollments requested', results)
  const drizzle = timesFaster(results, OURS, DRIZZLE)
  verdict('P4', 'enroll, times a drizzle transaction', drizzle, '>= 2.5', drizzle >= 2.5)
  if (missing) unmeasured('P4', 'enroll, times a TypeORM transaction', missing)
  else {
    const typeorm = timesFaster(results, OURS, TYPEORM)
    verdict('P4', 'enroll, times a TypeORM transaction', typeorm, '>= 3', typeorm >= 3)
  }
} finally {
  await database.close()
}
