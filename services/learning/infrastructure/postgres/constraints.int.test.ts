import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Enrolling, startEnrolling } from '../../testing/enrolling.ts'

let learning: Enrolling
beforeAll(async () => {
  learning = await startEnrolling()
  await learning.openCourse({ capacity: 2 })
})
afterAll(() => learning.stop())

test.each([
  ['course_run_seats_within_capacity', 'seats_taken = 1, seats_held = 2'],
  ['course_run_seats_within_capacity', 'capacity = 0, seats_taken = 1'],
  ['course_run_seats_counted', 'seats_held = -1'],
  ['course_run_seats_counted', 'seats_taken = -1'],
])('%s refuses a run with %s, whoever writes it', async (constraint, change) => {
  const writing = learning.database.run(`update learning.course_runs set ${change}`, [])
  await expect(writing).rejects.toMatchObject({ constraint_name: constraint })
})
