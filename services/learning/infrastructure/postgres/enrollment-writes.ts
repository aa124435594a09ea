import { sql } from 'drizzle-orm'
import { prepareWrite } from '#bus/postgres/write.ts'
import { enrollmentGrants, enrollments } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

/** Where the learner has a live enrollment in the run already, it touches no row: the handler runs again and sees it. */
export const insertEnrollment = prepareWrite(
  'insert an enrollment',
  sql`
  insert into ${enrollments} (id, course_id, course_run_id, student_id, status, price_amount, price_currency,
    requested_at, payment_id, stands_until, version)
  values (${value('id')}, ${value('courseId')}, ${value('courseRunId')}, ${value('studentId')}, ${value('status')},
    ${value('priceAmount')}, ${value('priceCurrency')}, ${value('requestedAt')}, ${value('paymentId')}, ${value('standsUntil')}, 1)
  on conflict do nothing`,
)

export const updateEnrollment = prepareWrite(
  'update an enrollment',
  sql`
  update ${enrollments}
  set status = ${value('status')}, payment_id = ${value('paymentId')}, completed_at = ${value('completedAt')},
    cancelled_at = ${value('cancelledAt')}, end_reason = ${value('endReason')}, expired_at = ${value('expiredAt')},
    stands_until = ${value('standsUntil')},
    version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

/** All grants of one enrollment; only their ends change. A reference that belongs to another one touches no row. */
export const putGrants = prepareWrite(
  'put grants',
  sql`
  insert into ${enrollmentGrants} (source, ref, enrollment_id, valid_from, valid_until, revoked_at, revoked_for)
  select source, ref, ${value('id')}, "validFrom", "validUntil", "revokedAt", "revokedFor"
  from json_to_recordset(${value('grants')}::text::json) as given(source text, ref text, "validFrom" timestamptz,
    "validUntil" timestamptz, "revokedAt" timestamptz, "revokedFor" text)
  on conflict on constraint enrollment_grants_once
  do update set valid_until = excluded.valid_until, revoked_at = excluded.revoked_at,
    revoked_for = excluded.revoked_for
    where enrollment_grants.enrollment_id = excluded.enrollment_id`,
)
