import { waitlistContract } from '../../testing/waitlist.contract.ts'
import { startMemoryEnrollments } from '../../testing/memory-enrollments.ts'

waitlistContract('memory', startMemoryEnrollments)
