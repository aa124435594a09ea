import { eq, getTableColumns, type InferSelectModel, sql } from 'drizzle-orm'
import { CourseRun } from '#domain/learning/course-run.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { CourseRunRepository } from '../../ports.ts'
import { courseRuns } from './schema.ts'
import { writeEntries } from './waitlist.ts'

const value = (name: string) => sql.placeholder(name)

const insert = prepareWrite(
  'insert a course run',
  sql`
  insert into ${courseRuns} (id, course_id, status, price_amount, price_currency, capacity, starts_at, ends_at,
    enrollment_opens_at, enrollment_closes_at, pacing, closed_at, version)
  values (${value('id')}, ${value('courseId')}, ${value('status')}, ${value('priceAmount')}, ${value('priceCurrency')},
    ${value('capacity')}, ${value('startsAt')}, ${value('endsAt')}, ${value('enrollmentOpensAt')},
    ${value('enrollmentClosesAt')}, ${value('pacing')}, ${value('closedAt')}, 1)`,
)

const promoted = sql`${value('promoted')}::int`

/**
 * Seats may be taken since it was loaded: a capacity below them touches no row, and the rule refuses on the next run. So
 * does one that leaves a seat free while somebody waits.
 */
const update = prepareWrite(
  'update a course run',
  sql`
  update ${courseRuns}
  set status = ${value('status')}, price_amount = ${value('priceAmount')}, price_currency = ${value('priceCurrency')},
    capacity = ${value('capacity')}, starts_at = ${value('startsAt')}, ends_at = ${value('endsAt')},
    enrollment_opens_at = ${value('enrollmentOpensAt')}, enrollment_closes_at = ${value('enrollmentClosesAt')},
    pacing = ${value('pacing')}, closed_at = ${value('closedAt')}, seats_held = seats_held + ${promoted},
    waiting = waiting - ${promoted}, version = version + 1
  where id = ${value('id')} and version = ${value('version')} and waiting >= ${promoted}
    and seats_taken + seats_held + ${promoted} <= ${value('capacity')}
    and (waiting = ${promoted} or seats_taken + seats_held + ${promoted} = ${value('capacity')})`,
)

/** One row without what belongs to the catalog. */
type RunRow = Omit<InferSelectModel<typeof courseRuns>, 'fullnessChanges'>

export const runOf = ({ priceAmount, priceCurrency, closedAt, version, status, ...row }: RunRow): CourseRun => {
  const open = { ...row, price: { amount: priceAmount, currency: priceCurrency } }
  if (status === 'OPEN') return CourseRun.restore({ ...open, status }, version)
  if (closedAt === null) throw new Error(`${row.id} is closed without a date.`)
  return CourseRun.restore({ ...open, status, closedAt }, version)
}

/** The values of a run's row, for the write templates. */
export const runValues = ({ state }: CourseRun) => ({
  id: state.id,
  courseId: state.courseId,
  status: state.status,
  priceAmount: state.price.amount,
  priceCurrency: state.price.currency,
  capacity: state.capacity,
  startsAt: state.startsAt,
  endsAt: state.endsAt,
  enrollmentOpensAt: state.enrollmentOpensAt,
  enrollmentClosesAt: state.enrollmentClosesAt,
  pacing: state.pacing,
  closedAt: state.status === 'CLOSED' ? state.closedAt : undefined,
})

export const createPostgresCourseRuns = ({ drizzle: db }: Database): CourseRunRepository => {
  const { fullnessChanges: _, ...columns } = getTableColumns(courseRuns)
  const byId = db
    .select(columns)
    .from(courseRuns)
    .where(eq(courseRuns.id, value('id')))
    .prepare('load_course_run')
  const byCourse = db
    .select(columns)
    .from(courseRuns)
    .where(eq(courseRuns.courseId, value('courseId')))
    .orderBy(courseRuns.id)
    .prepare('load_runs_of_course')

  return {
    load: async (id) => (await byId.execute({ id })).map(runOf)[0],
    ofCourse: async (courseId) => (await byCourse.execute({ courseId })).map(runOf),
    save: (tx, run, entries = []) => {
      if (run.events.length === 0) return
      const unit = postgresOf(tx)
      if (run.version === 0) unit.write(insert, runValues(run))
      else unit.write(update, { ...runValues(run), version: run.version, promoted: entries.length })
      unit.raise(run)
      writeEntries(tx, entries)
    },
  }
}
