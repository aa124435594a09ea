import { and, desc, eq, type InferSelectModel, sql } from 'drizzle-orm'
import { z } from 'zod'
import { QuizAttempt, type AttemptState } from '#domain/learning/quiz-attempt.ts'
import { Quiz } from '#domain/learning/quiz.ts'
import type { Database } from '#bus/postgres/database.ts'
import { postgresOf } from '#bus/postgres/store.ts'
import { prepareWrite } from '#bus/postgres/write.ts'
import type { AttemptRepository, QuizQueries, QuizRepository } from '../../quiz-ports.ts'
import { courses, curricula, quizAttempts, quizzes } from './schema.ts'

const value = (name: string) => sql.placeholder(name)

const quizOf = ({ version, ...row }: InferSelectModel<typeof quizzes>): Quiz => {
  const { questionsPerAttempt, maxAttempts, timeLimitSeconds, ...state } = row
  return Quiz.restore(
    {
      ...state,
      questionsPerAttempt: questionsPerAttempt ?? undefined,
      maxAttempts: maxAttempts ?? undefined,
      timeLimitSeconds: timeLimitSeconds ?? undefined,
    },
    version,
  )
}

const stateOf = (row: InferSelectModel<typeof quizAttempts>): AttemptState => {
  const { version: _, deadlineAt, answers, score, passed, gradedAt, status, ...rest } = row
  const record = { ...rest, deadlineAt: deadlineAt ?? undefined }
  if (status === 'OPEN') return { ...record, status }
  if (answers === null || score === null || passed === null || gradedAt === null)
    throw new Error(`${row.id} is graded and does not say how.`)
  return { ...record, status, answers, score, passed, gradedAt }
}

const attemptOf = (row: InferSelectModel<typeof quizAttempts>): QuizAttempt =>
  QuizAttempt.restore(stateOf(row), row.version)

/** Where the lesson has a quiz already, it touches no row: the handler runs again and sees it. */
const insertQuiz = prepareWrite(
  'insert a quiz',
  sql`
  insert into ${quizzes} (id, course_id, lesson_id, title, questions, questions_per_attempt, max_attempts,
    time_limit_seconds, pass_percent, version)
  values (${value('id')}, ${value('courseId')}, ${value('lessonId')}, ${value('title')},
    ${value('questions')}::text::jsonb, ${value('questionsPerAttempt')}, ${value('maxAttempts')},
    ${value('timeLimitSeconds')}, ${value('passPercent')}, 1)
  on conflict do nothing`,
)

const updateQuiz = prepareWrite(
  'update a quiz',
  sql`
  update ${quizzes}
  set title = ${value('title')}, questions = ${value('questions')}::text::jsonb,
    questions_per_attempt = ${value('questionsPerAttempt')}, max_attempts = ${value('maxAttempts')},
    time_limit_seconds = ${value('timeLimitSeconds')}, pass_percent = ${value('passPercent')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

/** Another start of the same learner that came first touches no row: the handler runs again and hands that one back. */
const insertAttempt = prepareWrite(
  'start an attempt',
  sql`
  insert into ${quizAttempts} (id, quiz_id, lesson_id, student_id, number, questions, pass_percent, started_at,
    deadline_at, status, version)
  values (${value('id')}, ${value('quizId')}, ${value('lessonId')}, ${value('studentId')}, ${value('number')},
    ${value('questions')}::text::jsonb, ${value('passPercent')}, ${value('startedAt')}, ${value('deadlineAt')},
    ${value('status')}, 1)
  on conflict do nothing`,
)

const gradeAttempt = prepareWrite(
  'grade an attempt',
  sql`
  update ${quizAttempts}
  set status = ${value('status')}, answers = ${value('answers')}::text::jsonb, score = ${value('score')},
    passed = ${value('passed')}, graded_at = ${value('gradedAt')}, version = version + 1
  where id = ${value('id')} and version = ${value('version')}`,
)

export const createPostgresQuizzes = ({ drizzle: db }: Database): QuizRepository => {
  const courseOfLesson = db
    .select({ courseId: curricula.courseId })
    .from(curricula)
    .where(sql`${curricula.sections} @> ${value('part')}::text::jsonb`)
    .prepare('course_of_lesson')
  const ofLesson = db
    .select()
    .from(quizzes)
    .where(eq(quizzes.lessonId, value('lessonId')))
    .prepare('quiz_of_lesson')
  const byId = db
    .select({ quiz: quizzes, tutorId: courses.tutorId, status: courses.status })
    .from(quizzes)
    .innerJoin(courses, eq(courses.id, quizzes.courseId))
    .where(eq(quizzes.id, value('id')))
    .prepare('load_quiz')

  return {
    courseOfLesson: async (id) => {
      const [row] = await courseOfLesson.execute({ part: JSON.stringify([{ lessons: [{ id }] }]) })
      return row?.courseId
    },
    ofLesson: async (lessonId) => (await ofLesson.execute({ lessonId })).map(quizOf)[0],
    load: async (id) => {
      const [row] = await byId.execute({ id })
      return row && { quiz: quizOf(row.quiz), tutorId: row.tutorId, isDraft: row.status === 'DRAFT' }
    },
    save: (tx, quiz) => {
      const unit = postgresOf(tx)
      const {
        questions,
        questionsPerAttempt = null,
        maxAttempts = null,
        timeLimitSeconds = null,
        ...state
      } = quiz.state
      const limits = { questionsPerAttempt, maxAttempts, timeLimitSeconds }
      const values = { ...state, ...limits, questions: JSON.stringify(questions) }
      if (quiz.version === 0) unit.write(insertQuiz, values)
      else unit.write(updateQuiz, { ...values, version: quiz.version })
      unit.raise(quiz)
    },
  }
}

export const createPostgresAttempts = ({ drizzle: db }: Database): AttemptRepository => {
  const byId = db
    .select()
    .from(quizAttempts)
    .where(eq(quizAttempts.id, value('id')))
    .prepare('load_attempt')
  const latest = db
    .select()
    .from(quizAttempts)
    .where(and(eq(quizAttempts.quizId, value('quizId')), eq(quizAttempts.studentId, value('studentId'))))
    .orderBy(desc(quizAttempts.number))
    .limit(1)
    .prepare('latest_attempt')

  return {
    load: async (id) => (await byId.execute({ id })).map(attemptOf)[0],
    latest: async (quizId, studentId) => (await latest.execute({ quizId, studentId })).map(attemptOf)[0],
    save: (tx, attempt) => {
      const unit = postgresOf(tx)
      const { state, version } = attempt
      if (version === 0)
        unit.write(insertAttempt, {
          ...state,
          questions: JSON.stringify(state.questions),
          deadlineAt: state.deadlineAt ?? null,
        })
      else if (state.status === 'GRADED')
        unit.write(gradeAttempt, { ...state, answers: JSON.stringify(state.answers), version })
      unit.raise(attempt)
    },
  }
}

const Grade = z.object({ grade: z.number().nullable() })

const GRADE = `
  select round(avg(best), 2)::float8 as grade from (
    select max(a.score * 100.0 / jsonb_array_length(a.questions)) as best
    from learning.quizzes q join learning.quiz_attempts a on a.quiz_id = q.id
    where q.course_id = $1 and a.student_id = $2 and a.status = 'GRADED'
    group by q.id
  ) tries`

export const createPostgresQuizQueries = (database: Database): QuizQueries => {
  const ofCourse = database.drizzle
    .select({ quizId: quizzes.id, lessonId: quizzes.lessonId, title: quizzes.title })
    .from(quizzes)
    .where(eq(quizzes.courseId, value('courseId')))
    .orderBy(quizzes.id)
    .prepare('quizzes_of_course')

  const open = database.drizzle
    .select({ quizId: quizzes.id })
    .from(quizzes)
    .where(
      sql`${quizzes.lessonId} = ${value('lessonId')} and not exists (
        select from ${quizAttempts} where ${quizAttempts}.quiz_id = ${quizzes.id}
          and ${quizAttempts}.student_id = ${value('studentId')} and ${quizAttempts}.passed)`,
    )
    .prepare('quiz_open')

  return {
    isOpen: async (lessonId, studentId) => (await open.execute({ lessonId, studentId })).length > 0,
    ofCourse: (courseId) => ofCourse.execute({ courseId }),
    grade: async (courseId, studentId) => {
      const [row] = await database.run(GRADE, [courseId, studentId])
      return Grade.parse(row).grade ?? undefined
    },
  }
}
