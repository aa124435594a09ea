import { and, asc, eq, getTableColumns, inArray, type InferSelectModel, sql } from 'drizzle-orm'
import { WaitlistEntry, type WaitlistState } from '#domain/learning/waitlist.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { WaitlistQueries, WaitlistRepository } from '../../enrollment-ports.ts'
import { waitlistEntries } from './schema.ts'
import { moveSeats } from './seat-moves.ts'

const value = (name: string) => sql.placeholder(name)

/** Where the learner is on the list already, it touches no row: the handler runs again and sees it. */
const insert = prepareWrite(
  'insert a waitlist entry',
  sql`
  insert into ${waitlistEntries} (id, course_run_id, student_id, joined_at, status, version)
  values (${value('id')}, ${value('courseRunId')}, ${value('studentId')}, ${value('joinedAt')}, ${value('status')}, 1)
  on conflict do nothing`,
)

const update = prepareWrite(
  'update a waitlist entry',
  sql`
  update ${waitlistEntries}
  set status = ${value('status')}, hold_until = ${value('holdUntil')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

type WaitlistRow = Omit<InferSelectModel<typeof waitlistEntries>, 'place'>

const stateOf = ({ id, courseRunId, studentId, joinedAt, status, holdUntil }: WaitlistRow): WaitlistState => {
  const record = { id, courseRunId, studentId, joinedAt }
  if (status !== 'PROMOTED') return { ...record, status }
  if (holdUntil === null) throw new Error(`${id} is promoted without an end of its hold.`)
  return { ...record, status, holdUntil }
}

export const entryOf = (row: WaitlistRow): WaitlistEntry => WaitlistEntry.restore(stateOf(row), row.version)

const { place: _, ...columns } = getTableColumns(waitlistEntries)
export const entryColumns = columns

export const isLive = inArray(waitlistEntries.status, ['WAITING', 'PROMOTED'])

/** Registers the entries without the moves of their seats. */
export const writeEntries = (tx: UnitOfWork, entries: readonly WaitlistEntry[]): void => {
  const unit = postgresOf(tx)
  for (const entry of entries) {
    const { state, version } = entry
    if (version === 0) unit.write(insert, { ...state })
    else unit.write(update, { ...state, holdUntil: state.status === 'PROMOTED' ? state.holdUntil : undefined, version })
    unit.raise(entry)
  }
}

export const createPostgresWaitlist = ({ drizzle: db }: Database): WaitlistRepository => {
  const byId = db
    .select(columns)
    .from(waitlistEntries)
    .where(eq(waitlistEntries.id, value('id')))
    .prepare('load_waitlist_entry')
  const live = db
    .select(columns)
    .from(waitlistEntries)
    .where(
      and(
        eq(waitlistEntries.courseRunId, value('courseRunId')),
        eq(waitlistEntries.studentId, value('studentId')),
        isLive,
      ),
    )
    .prepare('live_waitlist_entry')
  const first = db
    .select(columns)
    .from(waitlistEntries)
    .where(and(eq(waitlistEntries.courseRunId, value('courseRunId')), sql`${waitlistEntries.status} = 'WAITING'`))
    .orderBy(asc(waitlistEntries.place))
    .limit(value('limit'))
    .prepare('first_waitlist_entries')

  return {
    load: async (id) => (await byId.execute({ id })).map(entryOf)[0],
    live: async (courseRunId, studentId) => (await live.execute({ courseRunId, studentId })).map(entryOf)[0],
    first: async (courseRunId, limit) => (await first.execute({ courseRunId, limit })).map(entryOf),
    save: (tx, entries) => {
      const [one] = entries
      if (!one) return
      writeEntries(tx, entries)
      moveSeats(
        tx,
        one.state.courseRunId,
        entries.flatMap(({ seatMoves }) => seatMoves),
      )
    },
  }
}

export const createPostgresWaitlistQueries = ({ drizzle: db }: Database): WaitlistQueries => {
  const place = db
    .select({
      ...columns,
      position: sql<number>`(
        select count(*)::int from ${waitlistEntries} other
        where other.course_run_id = waitlist_entries.course_run_id and other.status = 'WAITING'
          and other.place <= waitlist_entries.place)`,
    })
    .from(waitlistEntries)
    .where(
      and(
        eq(waitlistEntries.courseRunId, value('courseRunId')),
        eq(waitlistEntries.studentId, value('studentId')),
        isLive,
      ),
    )
    .prepare('waitlist_place')

  return {
    place: async (courseRunId, studentId) => {
      const [row] = await place.execute({ courseRunId, studentId })
      return row && { state: stateOf(row), position: row.status === 'WAITING' ? row.position : undefined }
    },
  }
}
