// The other side of P5: graphile-worker, tuned as its documentation advises for throughput, doing a job with the same
// insert. Written without types: the peers are not there when types are checked.
import { peer } from '#bus/bench/harness/peers.ts'
import { serveRounds } from '#bus/bench/harness/side.ts'

const { Pool } = peer('pg')
const { Logger, makeWorkerUtils, run } = peer('graphile-worker')

const [, , url] = process.argv
const pgPool = new Pool({ connectionString: url, max: 10 })
pgPool.on('error', console.error)
pgPool.on('connect', (client) => client.on('error', console.error))
const logger = new Logger(() => () => undefined)
const utils = await makeWorkerUtils({ pgPool, logger })
await utils.migrate()
await pgPool.query(
  'create table if not exists job_inbox (consumer text, id text, received_at timestamptz not null, primary key (consumer, id))',
)

let done = 0
let wanted = 0
let finish = () => undefined
const taskList = {
  happened: async ({ id }, { query }) => {
    await query({
      name: 'receive',
      text: 'insert into job_inbox (consumer, id, received_at) values ($1, $2, $3) on conflict do nothing',
      values: ['learning/count', id, new Date().toISOString()],
    })
    done++
    if (done === wanted) finish()
  },
}
const job = (id) => ({
  identifier: 'happened',
  payload: { id, enrollmentId: id, courseId: 'crs_bench', studentId: 'usr_bench', correlationId: 'cor_bench' },
})
let made = 0

serveRounds({
  prepare: async (operations) => {
    for (let n = 0; n < operations; n += 500)
      await utils.addJobs(
        Array.from({ length: Math.min(500, operations - n) }, () => job(`msg_${process.pid}_${made++}`)),
      )
  },
  run: async (operations) => {
    wanted = done + operations
    const finished = new Promise((resolve) => {
      finish = resolve
    })
    const preset = { worker: { concurrentJobs: 16, localQueue: { size: 500 }, completeJobBatchDelay: 0 } }
    const runner = await run({ pgPool, logger, taskList, preset, noHandleSignals: true })
    await finished
    await runner.stop()
  },
})
