import { startPostgresEnrollments } from '../../testing/postgres-enrollments.ts'
import { waitlistContract } from '../../testing/waitlist.contract.ts'

waitlistContract('PostgreSQL', startPostgresEnrollments)
