import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#domain/kernel/clock.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import type { Role } from '#bus/cqrs/actor.ts'
import type { CallContext } from '#bus/cqrs/pipeline.ts'
import { scopesOf } from '#services/kit/auth/scopes.ts'
import type { ComposedService } from '#services/kit/hosts/compose-service.ts'
import type { DemoLogins } from '#services/kit/secrets.ts'
import { CreateCourse } from '#services/learning/commands/create-course.ts'
import { OpenCourseRun } from '#services/learning/commands/open-course-run.ts'
import { PublishCourse } from '#services/learning/commands/publish-course.ts'
import { PutCurriculum } from '#services/learning/commands/put-curriculum.ts'
import { GetCurriculum } from '#services/learning/queries/get-curriculum.ts'
import { provision } from '#services/user/provision.ts'
import { type DemoCourse, demoCourses } from './courses.ts'

/** Courses that are made at the same time. */
const AT_ONCE = 8
const MARKER = 'demo-loaded'

const PEOPLE = {
  admin: { displayName: 'Platform team', roles: ['learner', 'admin'] },
  tutor: { displayName: 'Tamar Lindqvist', roles: ['learner', 'tutor'] },
  learner: { displayName: 'Lio Okonjo', roles: ['learner'] },
} as const satisfies Record<keyof DemoLogins, { displayName: string; roles: readonly Role[] }>

const origin = { correlationId: 'demo' }

const account = async (
  { runtime }: Pick<ComposedService, 'runtime'>,
  demo: DemoLogins,
  name: keyof DemoLogins,
): Promise<UserId> => (await provision(runtime.buses, { ...demo[name], ...PEOPLE[name] })).userId

const tutorCall = (userId: UserId): Omit<CallContext, 'idempotencyKey'> => {
  const { roles } = PEOPLE.tutor
  return {
    actor: { kind: 'user', userId, sessionId: 'demo', roles, scopes: scopesOf(roles), emailVerified: true },
    origin,
  }
}

/** Every step can be taken again, so that a start which was cut short goes on where it was. */
const load = async (
  { runtime }: Pick<ComposedService, 'runtime'>,
  call: CallContext,
  course: DemoCourse,
): Promise<void> => {
  const { buses } = runtime
  const idempotencyKey = `demo ${course.details.title}`
  const created = await buses.execute(CreateCourse, course.details, { ...call, idempotencyKey })
  const { courseId } = CreateCourse.output.parse(created.output)
  const curriculum = GetCurriculum.output.parse((await buses.ask(GetCurriculum, { courseId }, call)).output)
  if (curriculum.sections.length === 0) {
    const outline = { courseId, sections: course.sections, expectedVersion: curriculum.version }
    await buses.execute(PutCurriculum, outline, call)
  }
  await buses.execute(OpenCourseRun, { courseId, ...course.run }, { ...call, idempotencyKey })
  await buses.execute(PublishCourse, { courseId }, call)
}

/** Makes the demo logins, and at the first start the demonstration courses. */
export const seedDemo = async (
  {
    user,
    learning,
  }: { readonly user: Pick<ComposedService, 'runtime'>; readonly learning: Pick<ComposedService, 'runtime'> },
  demo: DemoLogins,
  directory: string,
): Promise<void> => {
  const [tutorId] = await Promise.all([
    account(user, demo, 'tutor'),
    account(user, demo, 'admin'),
    account(user, demo, 'learner'),
  ])
  const marker = join(directory, MARKER)
  const loaded = await access(marker).then(
    () => true,
    () => false,
  )
  if (loaded) return
  const call = tutorCall(tutorId)
  const courses = [...demoCourses(systemClock.now())]
  while (courses.length > 0) await Promise.all(courses.splice(0, AT_ONCE).map((course) => load(learning, call, course)))
  await writeFile(marker, '')
}
