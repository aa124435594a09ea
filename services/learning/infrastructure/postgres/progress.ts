import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { Instant } from '#domain/kernel/clock.ts'
import { LessonId } from '#domain/kernel/ids.ts'
import { Progress } from '#domain/learning/progress.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { ProgressRepository } from '../../progress-ports.ts'
import { enrollmentProgress, enrollments, lessonProgress } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const CompletedLessons = z.array(z.object({ lessonId: LessonId, completedAt: Instant }))

const columns = {
  id: enrollmentProgress.enrollmentId,
  courseId: enrollmentProgress.courseId,
  studentId: enrollmentProgress.studentId,
  finishedAt: enrollmentProgress.finishedAt,
  version: enrollmentProgress.version,
  completed: sql<unknown>`(
    select coalesce(json_agg(json_build_object('lessonId', ${lessonProgress.lessonId}, 'completedAt',
      to_char(${lessonProgress.completedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      order by ${lessonProgress.completedAt}, ${lessonProgress.lessonId}), '[]')
    from ${lessonProgress} where ${lessonProgress}.enrollment_id = ${enrollmentProgress}.enrollment_id)`.as(
    'completed',
  ),
}

type Row = Omit<Parameters<typeof Progress.restore>[0], 'completed' | 'finishedAt'> & {
  readonly finishedAt: string | null
  readonly version: number
  readonly completed: unknown
}

const progressOf = ({ version, finishedAt, completed, ...named }: Row): Progress =>
  Progress.restore(
    { ...named, finishedAt: finishedAt ?? undefined, completed: CompletedLessons.parse(completed) },
    version,
  )

const begin = prepareWrite(
  'begin a progress',
  sql`
  insert into ${enrollmentProgress} (enrollment_id, course_id, student_id, finished_at, version)
  values (${value('id')}, ${value('courseId')}, ${value('studentId')}, ${value('finishedAt')}, 1)`,
)

const go = prepareWrite(
  'a progress',
  sql`
  update ${enrollmentProgress} set finished_at = ${value('finishedAt')}, version = version + 1
  where enrollment_id = ${value('id')} and version = ${value('version')}`,
)

const addLesson = prepareWrite(
  'a completed lesson',
  sql`
  insert into ${lessonProgress} (enrollment_id, lesson_id, completed_at)
  values (${value('id')}, ${value('lessonId')}, ${value('completedAt')})`,
)

export const createPostgresProgress = ({ drizzle: db }: Database): ProgressRepository => {
  const byEnrollment = db
    .select(columns)
    .from(enrollmentProgress)
    .where(eq(enrollmentProgress.enrollmentId, value('id')))
    .prepare('load_progress')
  const ofLearner = db
    .select({ ...columns, status: enrollments.status })
    .from(enrollmentProgress)
    .innerJoin(enrollments, eq(enrollments.id, enrollmentProgress.enrollmentId))
    .where(
      and(eq(enrollmentProgress.courseId, value('courseId')), eq(enrollmentProgress.studentId, value('studentId'))),
    )
    .prepare('progress_of_learner')

  return {
    load: async (id) => (await byEnrollment.execute({ id })).map(progressOf)[0],
    ofLearner: async (courseId, studentId) => {
      const rows = await ofLearner.execute({ courseId, studentId })
      return rows.map(({ status, ...row }) => ({ status, progress: progressOf(row) }))
    },
    save: (tx, progress) => {
      const unit = postgresOf(tx)
      const { id, version, added } = progress
      const { courseId, studentId, finishedAt } = progress.state
      if (version === 0) unit.write(begin, { id, courseId, studentId, finishedAt })
      else unit.write(go, { id, finishedAt, version })
      for (const lesson of added) unit.write(addLesson, { id, ...lesson })
      unit.raise(progress)
    },
  }
}
