import { enrollmentsContract } from '../../testing/enrollments.contract.ts'
import { startMemoryEnrollments } from '../../testing/memory-enrollments.ts'

enrollmentsContract('memory', startMemoryEnrollments)
