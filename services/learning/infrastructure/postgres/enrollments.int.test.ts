import { enrollmentsContract } from '../../testing/enrollments.contract.ts'
import { startPostgresEnrollments } from '../../testing/postgres-enrollments.ts'

enrollmentsContract('PostgreSQL', startPostgresEnrollments)
