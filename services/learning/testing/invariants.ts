import type { Database } from '#bus/postgres/database.ts'

/** The invariants of enrolling, as queries for the rows that break them. */
export const LEARNING_INVARIANTS = {
  /** No active enrollment without a valid grant, no purchase grant but that of the enrollment's own payment. */
  I3: `
    select e.id, e.status, g.source, g.ref
    from learning.enrollments e left join learning.enrollment_grants g on g.enrollment_id = e.id
    where (e.status = 'ACTIVE' and not exists (
        select 1 from learning.enrollment_grants v where v.enrollment_id = e.id and v.revoked_at is null))
      or (g.source = 'purchase' and g.revoked_at is null and g.ref is distinct from e.payment_id)`,
  /** Seats taken and held are those of the enrollments and of promoted learners, and no more than there are. */
  I4: `
    select r.id, r.capacity, r.seats_taken, r.seats_held, r.waiting, taken, held, promoted, queued
    from learning.course_runs r, lateral (
      select count(*) filter (where status in ('ACTIVE', 'COMPLETED')) as taken,
        count(*) filter (where status = 'PENDING') as held
      from learning.enrollments e where e.course_run_id = r.id) enrolled, lateral (
      select count(*) filter (where status = 'PROMOTED') as promoted, count(*) filter (where status = 'WAITING') as queued
      from learning.waitlist_entries w where w.course_run_id = r.id) listed
    where r.seats_taken <> taken or r.seats_held <> held + promoted or r.waiting <> queued or r.seats_taken + r.seats_held > r.capacity`,
} as const

/** Throws with the name of the first invariant that does not hold, and the rows that show it. */
export const assertInvariants = async (database: Database): Promise<void> => {
  for (const [name, query] of Object.entries(LEARNING_INVARIANTS)) {
    const rows = await database.run(query, [])
    if (rows.length > 0) throw new Error(`${name} is broken: ${JSON.stringify(rows)}`)
  }
}
