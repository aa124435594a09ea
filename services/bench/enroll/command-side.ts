// Our side of P4: the command that requests an enrollment, through the command bus.
import { serveRounds } from '#bus/bench/harness/side.ts'
import { systemIds } from '#services/kit/ids.ts'
import { RequestEnrollment } from '#services/learning/commands/request-enrollment.ts'
import { inFlight } from '../in-flight.ts'
import { personWith, startLearning } from '../learning.ts'
import { AT_ONCE, openCourses } from './courses.ts'

const [, , url = ''] = process.argv
const courses = await openCourses(url)
const { runtime, database } = startLearning(url, AT_ONCE)
const origin = { correlationId: 'cor_bench' }

serveRounds({
  run: async (operations) => {
    const before = database.statements()
    await inFlight(AT_ONCE, operations, (n) =>
      runtime.buses.execute(
        RequestEnrollment,
        { courseRunId: courses[n % courses.length]?.courseRunId },
        { actor: personWith('learner'), origin, idempotencyKey: systemIds.next('key') },
      ),
    )
    return { 'statements each': (database.statements() - before) / operations }
  },
})
