// The other side of P11: the same rows in a DBOS workflow of four steps; its payment is a step that has the money at once.
// Without types: the peers are not there when types are checked.
import { peer } from '#bus/bench/harness/peers.ts'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { openCourses } from '../enroll/courses.ts'
import { rowsOf } from '../enroll/request.ts'
import { inFlight } from '../in-flight.ts'
import { percentiles } from '../latencies.ts'

const { DBOS } = peer('@dbos-inc/dbos-sdk')
const { Pool } = peer('pg')

const [, , url, atOnce] = process.argv
const courses = await openCourses(url)
const pool = new Pool({ connectionString: url, max: 16 })

const inTransaction = async (work) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const request = ({ enrollment, outbox: [requested] }) =>
  inTransaction(async (client) => {
    await client.query({
      name: 'hold',
      text: `update learning.course_runs set seats_held = seats_held + 1
        where id = $1 and seats_taken + seats_held < capacity`,
      values: [enrollment.courseRunId],
    })
    await client.query({
      name: 'enroll',
      text: `insert into learning.enrollments (id, course_id, course_run_id, student_id, status, price_amount,
          price_currency, requested_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
      values: [
        enrollment.id,
        enrollment.courseId,
        enrollment.courseRunId,
        enrollment.studentId,
        enrollment.status,
        enrollment.priceAmount,
        enrollment.priceCurrency,
        enrollment.requestedAt,
      ],
    })
    await tell(client, requested)
  })

const tell = (client, { shard, key, route, type, envelope, writtenAt }) =>
  client.query({
    name: 'tell',
    text: `insert into learning.outbox (shard, key, route, type, envelope, written_at) values ($1, $2, $3, $4, $5, $6)`,
    values: [shard, key, route, type, envelope, writtenAt],
  })

const record = ({ enrollment }, paymentId) =>
  pool.query({
    name: 'record',
    text: 'update learning.enrollments set payment_id = $2, version = version + 1 where id = $1',
    values: [enrollment.id, paymentId],
  })

const activate = ({ enrollment, outbox: [requested] }, paymentId) =>
  inTransaction(async (client) => {
    await client.query({
      name: 'take',
      text: 'update learning.course_runs set seats_held = seats_held - 1, seats_taken = seats_taken + 1 where id = $1',
      values: [enrollment.courseRunId],
    })
    await client.query({
      name: 'activate',
      text: `update learning.enrollments set status = 'ACTIVE', version = version + 1 where id = $1`,
      values: [enrollment.id],
    })
    await client.query({
      name: 'grant',
      text: `insert into learning.enrollment_grants (source, ref, enrollment_id, valid_from) values ('purchase', $1, $2, $3)`,
      values: [paymentId, enrollment.id, enrollment.requestedAt],
    })
    await tell(client, requested)
  })

const enroll = async (rows) => {
  await DBOS.runStep(() => request(rows), { name: 'request' })
  const paymentId = await DBOS.runStep(async () => `pay_${rows.enrollment.id}`, { name: 'pay' })
  await DBOS.runStep(() => record(rows, paymentId), { name: 'record' })
  await DBOS.runStep(() => activate(rows, paymentId), { name: 'activate' })
}

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: `${url}_dbos_${process.pid}`,
  systemDatabasePoolSize: 16,
  logLevel: 'error',
  runAdminServer: false,
})
const workflow = DBOS.registerWorkflow(enroll, { name: 'enroll' })
await DBOS.launch()

serveRounds({
  run: async (operations) => {
    const latencies = []
    await inFlight(Number(atOnce), operations, async (n) => {
      const rows = rowsOf(courses[n % courses.length])
      const startedMs = performance.now()
      const handle = await DBOS.startWorkflow(workflow, { workflowID: rows.enrollment.id })({
        enrollment: rows.enrollment,
        outbox: rows.outbox,
      })
      await handle.getResult()
      latencies.push(performance.now() - startedMs)
    })
    return percentiles(latencies)
  },
})
