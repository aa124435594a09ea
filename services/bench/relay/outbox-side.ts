// Our side of P5: drains an outbox through relay, transport and dispatcher into an inbox.
import { serveRounds } from '#bus/bench/harness/side.ts'
import { systemIds } from '#services/kit/ids.ts'
import { startBenchService } from './service.ts'

const [, , url = ''] = process.argv
const { database, relay, tell } = startBenchService(url)
const BATCH = 500

serveRounds({
  prepare: async (operations) => {
    for (let n = 0; n < operations; n += BATCH)
      await tell(Array.from({ length: Math.min(BATCH, operations - n) }, () => systemIds.next('enr')))
  },
  run: async (operations) => {
    const before = database.statements()
    let left = operations
    while (left > 0) left -= await relay.sweep()
    return { 'statements each': (database.statements() - before) / operations }
  },
})
