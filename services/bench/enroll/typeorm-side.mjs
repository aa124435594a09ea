// The other side of P4: the same reads and writes in a TypeORM transaction, as its documentation writes one. Without types:
// the peers are not there when types are checked.
import { peer } from '#bus/bench/harness/peers.ts'
import { serveRounds } from '#bus/bench/harness/side.ts'
import { inFlight } from '../in-flight.ts'
import { AT_ONCE, openCourses } from './courses.ts'
import { rowsOf } from './request.ts'

peer('reflect-metadata')
const { DataSource, EntitySchema, In } = peer('typeorm')

const text = (name, more = {}) => ({ type: 'text', name, ...more })
const int = (name, more = {}) => ({ type: 'int', name, ...more })
const instant = (name, more = {}) => ({ type: 'timestamptz', name, ...more })
const json = (name) => ({ type: 'jsonb', name })
const id = { primary: true }
const entity = (name, tableName, columns) => new EntitySchema({ name, schema: 'learning', tableName, columns })

const CourseRun = entity('CourseRun', 'course_runs', {
  id: text('id', id),
  courseId: text('course_id'),
  status: text('status'),
  priceAmount: int('price_amount'),
  priceCurrency: text('price_currency'),
  capacity: int('capacity'),
  seatsTaken: int('seats_taken'),
  seatsHeld: int('seats_held'),
  startsAt: instant('starts_at'),
  endsAt: instant('ends_at'),
  enrollmentOpensAt: instant('enrollment_opens_at'),
  enrollmentClosesAt: instant('enrollment_closes_at'),
  version: int('version'),
})
const Enrollment = entity('Enrollment', 'enrollments', {
  id: text('id', id),
  courseId: text('course_id'),
  courseRunId: text('course_run_id'),
  studentId: text('student_id'),
  status: text('status'),
  priceAmount: int('price_amount'),
  priceCurrency: text('price_currency'),
  requestedAt: instant('requested_at'),
  version: int('version'),
})
const Saga = entity('Saga', 'saga', {
  type: text('type', id),
  key: text('key', id),
  version: int('version'),
  status: text('status'),
  step: text('step'),
  instance: json('instance'),
  dueAt: instant('due_at'),
  startedAt: instant('started_at'),
  updatedAt: instant('updated_at'),
})
const SagaJournal = entity('SagaJournal', 'saga_journal', {
  type: text('type', id),
  key: text('key', id),
  n: int('n', id),
  at: instant('at'),
  message: text('message'),
  messageId: text('message_id'),
  fromStep: text('from_step'),
  toStep: text('to_step'),
  status: text('status'),
  outputs: json('outputs'),
  correlationId: text('correlation_id'),
})
const IdempotencyKey = entity('IdempotencyKey', 'idempotency_keys', {
  scope: text('scope', id),
  key: text('key', id),
  fingerprint: text('fingerprint'),
  answer: text('answer'),
  createdAt: instant('created_at'),
})
const Outbox = entity('Outbox', 'outbox', {
  seq: { type: 'bigint', primary: true, generated: 'increment' },
  shard: int('shard'),
  key: text('key'),
  route: text('route'),
  type: text('type'),
  envelope: text('envelope'),
  writtenAt: instant('written_at'),
})

const [, , url] = process.argv
const courses = await openCourses(url)
const source = new DataSource({
  type: 'postgres',
  url,
  entities: [CourseRun, Enrollment, Saga, SagaJournal, IdempotencyKey, Outbox],
  extra: { max: AT_ONCE },
})
await source.initialize()

const enroll = (course) => {
  const { idempotency, enrollment, saga, journal, outbox, answer } = rowsOf(course)
  return source.transaction(async (manager) => {
    const answered = await manager.findOneBy(IdempotencyKey, idempotency)
    const run = await manager.findOneBy(CourseRun, { id: enrollment.courseRunId })
    const live = await manager.findOneBy(Enrollment, {
      courseRunId: enrollment.courseRunId,
      studentId: enrollment.studentId,
      status: In(['PENDING', 'ACTIVE', 'COMPLETED']),
    })
    if (answered || !run || live) throw new Error('This cannot be enrolled in.')
    const held = await manager
      .createQueryBuilder()
      .update(CourseRun)
      .set({ seatsHeld: () => 'seats_held + 1' })
      .where('id = :id and seats_taken + seats_held < capacity', { id: run.id })
      .execute()
    if (held.affected === 0) throw new Error('No seat is left.')
    await manager.save(Enrollment, enrollment)
    await manager.save(Saga, saga)
    await manager.save(SagaJournal, journal)
    await manager.save(IdempotencyKey, { ...idempotency, ...answer })
    await manager.save(Outbox, outbox)
  })
}

serveRounds({ run: (operations) => inFlight(AT_ONCE, operations, (n) => enroll(courses[n % courses.length])) })
