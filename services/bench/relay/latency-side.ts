// P5: from a commit to the commit of its subscriber, when 100 come each second.
import { setTimeout as delay } from 'node:timers/promises'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { startLoop } from '#bus/outbox/loop.ts'
import { systemIds } from '#services/kit/ids.ts'
import { percentiles } from '../latencies.ts'
import { startBenchService } from './service.ts'

const EVERY_MS = 10
const [, , url = ''] = process.argv
let handled: () => void = () => undefined
const { store, relay, tell } = startBenchService(url, { handled: () => handled() })
const loop = startLoop({ round: relay.sweep, idleMs: 250, failedMs: 250, onError: console.error })
store.onCommit(loop.poke)

const measureOne = async (): Promise<number> => {
  const arrived = Promise.withResolvers<void>()
  handled = arrived.resolve
  await tell([systemIds.next('enr')])
  const committedMs = performance.now()
  await arrived.promise
  return performance.now() - committedMs
}

serveRounds({
  run: async (operations) => {
    const latencies: number[] = []
    for (let n = 0; n < operations; n++) {
      const next = delay(EVERY_MS)
      latencies.push(await measureOne())
      await next
    }
    return percentiles(latencies)
  },
})
