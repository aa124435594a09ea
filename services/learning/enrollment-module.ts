import { type Binding, bind } from '#services/kit/module.ts'
import { Database } from '#services/kit/ports.ts'
import {
  Access,
  ContentQueries,
  EnrollmentQueries,
  Enrollments,
  SeatsOfPerson,
  Waitlist,
  WaitlistQueries,
} from './enrollment-ports.ts'
import { createPostgresAccess } from './infrastructure/postgres/access-queries.ts'
import { createPostgresContent } from './infrastructure/postgres/content-queries.ts'
import { createPostgresEnrollmentQueries } from './infrastructure/postgres/enrollment-queries.ts'
import { createPostgresEnrollments } from './infrastructure/postgres/enrollments.ts'
import { createPostgresSeatsOfPerson } from './infrastructure/postgres/seats-of-person.ts'
import { createPostgresWaitlist, createPostgresWaitlistQueries } from './infrastructure/postgres/waitlist.ts'

const database = { database: Database }

/** The learner's side of the service on PostgreSQL. */
export const enrollmentBindings: readonly Binding[] = [
  bind(Enrollments, database, (made) => createPostgresEnrollments(made.database)),
  bind(EnrollmentQueries, database, (made) => createPostgresEnrollmentQueries(made.database)),
  bind(Waitlist, database, (made) => createPostgresWaitlist(made.database)),
  bind(WaitlistQueries, database, (made) => createPostgresWaitlistQueries(made.database)),
  bind(Access, database, (made) => createPostgresAccess(made.database)),
  bind(SeatsOfPerson, database, (made) => createPostgresSeatsOfPerson(made.database)),
  bind(ContentQueries, database, (made) => createPostgresContent(made.database)),
]
