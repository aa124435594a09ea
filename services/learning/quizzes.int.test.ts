import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { EnrollmentId, type LessonId, QuizId, type UserId } from '#domain/kernel/ids.ts'
import { CourseCompleted, QuizGraded } from '#domain/learning/events.ts'
import type { QuizTerms } from '#domain/learning/quiz.ts'
import { systemIds } from '#services/kit/ids.ts'
import { AttemptResource, WrittenQuiz } from './quiz-resource.ts'
import { author, caller, problemOf } from './testing/author.ts'
import { type LearningService, startLearningService } from './testing/running-service.ts'

const FREE = { price: { amount: 0, currency: 'EUR' }, capacity: 100 }
const SECRETS = ['Canberra', 'secret answer', '41.97']

const terms: QuizTerms = {
  title: 'Two of three',
  questions: [
    {
      kind: 'single',
      prompt: 'Which is even?',
      options: [
        { text: 'Three', right: false },
        { text: 'Four', right: true },
      ],
    },
    { kind: 'text', prompt: 'Say it.', accepted: ['secret answer', 'Canberra'] },
    { kind: 'numeric', prompt: 'About forty-two?', min: 41.97, max: 42.03 },
  ],
  passPercent: 60,
}

let service: LearningService
beforeAll(async () => {
  service = await startLearningService()
})
afterAll(() => service.stop())

const Content = z.object({
  sections: z.array(z.object({ lessons: z.array(z.object({ id: z.templateLiteral(['les_', z.string()]) })) })),
  quizzes: z.array(z.object({ quizId: QuizId, lessonId: z.string(), title: z.string() })),
})
const Enrollment = z.object({ enrollmentId: EnrollmentId })
const Named = z.object({ quizId: QuizId })
const eventually = <T>(ask: () => Promise<T>): Promise<T> => vi.waitFor(ask, { timeout: 15_000, interval: 20 })

/** A published course with a quiz in its first lesson. */
const published = async (changes: Partial<QuizTerms> = {}) => {
  const tutor = author(service)
  const { course, run } = await tutor.published({}, FREE)
  const content = async (api = tutor.api) =>
    Content.parse((await api.get(`/v1/courses/${course.courseId}/content`)).body)
  const lessons: LessonId[] = (await content()).sections.flatMap((section) => section.lessons.map(({ id }) => id))
  const quizPath = `/v1/lessons/${lessons[0]}/quiz`
  const write = (body: Partial<QuizTerms>) => tutor.api.send('PUT', quizPath, { body: { ...terms, ...body } })
  const { quizId } = Named.parse((await write(changes)).body)
  const learner = async (id: UserId = systemIds.next('usr')) => {
    const api = caller(service, `${id} learner`)
    const { enrollmentId } = Enrollment.parse((await api.post(`/v1/course-runs/${run.courseRunId}/enrollments`)).body)
    await eventually(() => content(api))
    const start = async () => AttemptResource.parse((await api.post(`/v1/quizzes/${quizId}/attempts`)).body)
    const submit = (attemptId: string, answers: unknown) =>
      api.send('PUT', `/v1/quiz-attempts/${attemptId}/submission`, { body: { answers } })
    return { id, api, enrollmentId, start, submit }
  }
  return { course, tutor, lessons, quizPath, quizId, write, learner, content }
}

/** The right answers, as somebody who knows them gives them. */
const knowing = ({ questions }: AttemptResource) =>
  questions.map(({ number, kind, options = [] }) => {
    if (kind === 'text') return { number, text: ' SECRET  answer' }
    return kind === 'numeric' ? { number, value: 42 } : { number, options: [options.indexOf('Four') + 1] }
  })

const refusal = (sent: Parameters<typeof problemOf>[0] & { status: number }) => [sent.status, problemOf(sent).code]

describe('a quiz', () => {
  test('is written by the tutor of its lesson alone, whole, and shown to nobody else with its answers', async () => {
    const { tutor, quizPath, quizId, write, learner, content, lessons } = await published({ maxAttempts: 2 })
    const written = WrittenQuiz.parse((await tutor.api.get(quizPath)).body)
    expect(written).toMatchObject({ quizId, ...terms, maxAttempts: 2 })
    expect(Named.parse((await write({ title: 'Another title' })).body).quizId).toBe(quizId)
    expect(WrittenQuiz.parse((await tutor.api.get(quizPath)).body).maxAttempts).toBeUndefined()
    const stranger = author(service).api
    expect(refusal(await stranger.get(quizPath))).toEqual([403, 'NOT_COURSE_OWNER'])
    expect(refusal(await stranger.send('PUT', quizPath, { body: terms }))).toEqual([403, 'NOT_COURSE_OWNER'])
    const unknown = `/v1/lessons/${systemIds.next('les')}/quiz`
    expect(refusal(await tutor.api.send('PUT', unknown, { body: terms }))).toEqual([404, 'LESSON_NOT_FOUND'])
    const { api } = await learner()
    expect((await content(api)).quizzes).toEqual([{ quizId, lessonId: lessons[0], title: 'Another title' }])
    const shown = await api.get(`/v1/quizzes/${quizId}`)
    expect(shown.body).toMatchObject({ questionCount: 3, passPercent: 60 })
    expect(shown.body).not.toHaveProperty('questions')
    expect((await tutor.api.get(`/v1/quizzes/${quizId}`)).status).toBe(200)
  })

  test('of a foreign draft does not exist', async () => {
    const { api, ready } = author(service)
    const { courseId } = await ready()
    const { sections } = Content.parse((await api.get(`/v1/courses/${courseId}/content`)).body)
    const path = `/v1/lessons/${sections[0]?.lessons[0]?.id}/quiz`
    const { quizId } = Named.parse((await api.send('PUT', path, { body: terms })).body)
    const stranger = caller(service, `${systemIds.next('usr')} tutor`)
    expect(refusal(await stranger.get(path))).toEqual([404, 'LESSON_NOT_FOUND'])
    expect(refusal(await stranger.get(`/v1/quizzes/${quizId}`))).toEqual([404, 'QUIZ_NOT_FOUND'])
  })

  test('says where it cannot be asked', async () => {
    const { write } = await published()
    const [single] = terms.questions
    const refused = await write({
      questions:
        single?.kind === 'single'
          ? [{ ...single, options: single.options.map(({ text }) => ({ text, right: true })) }]
          : [],
      questionsPerAttempt: 2,
    })
    expect(problemOf(refused)).toEqual({
      code: 'QUIZ_INVALID',
      pointers: ['/questions/0/options', '/questionsPerAttempt'],
    })
  })
})

describe('an attempt', () => {
  test('is for learners with access, and is the same however often and at once it is started', async () => {
    const { quizId, learner } = await published()
    const outside = caller(service, `${systemIds.next('usr')} learner`)
    expect(refusal(await outside.post(`/v1/quizzes/${quizId}/attempts`))).toEqual([403, 'NOT_ENROLLED'])
    expect(refusal(await outside.get(`/v1/quizzes/${quizId}`))).toEqual([403, 'NOT_ENROLLED'])
    const { api, start } = await learner()
    const starts = await Promise.all(Array.from({ length: 5 }, start))
    const [attempt] = starts
    expect(starts).toEqual(Array.from({ length: 5 }, () => attempt))
    expect(attempt).toMatchObject({ number: 1, status: 'OPEN', quizId })
    expect((await api.get(`/v1/quiz-attempts/${attempt?.attemptId}`)).body).toEqual(attempt)
    const other = await learner()
    expect(refusal(await other.api.get(`/v1/quiz-attempts/${attempt?.attemptId}`))).toEqual([404, 'ATTEMPT_NOT_FOUND'])
    expect(refusal(await other.submit(attempt?.attemptId ?? '', []))).toEqual([404, 'ATTEMPT_NOT_FOUND'])
  })

  test('is graded once, however often and at once it is handed in, and tells no answer before or after', async () => {
    const { learner, lessons } = await published()
    const { id, api, start, submit } = await learner()
    const attempt = await start()
    const answers = knowing(attempt).filter(({ number }) => attempt.questions[number - 1]?.kind !== 'single')
    const sent = await Promise.all(Array.from({ length: 5 }, () => submit(attempt.attemptId, answers)))
    expect(new Set(sent.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const graded = AttemptResource.parse(sent[0]?.body)
    const right = answers.map(({ number }) => number)
    expect(graded).toMatchObject({ status: 'GRADED', result: { score: 2, max: 3, passed: true, right } })
    expect(refusal(await submit(attempt.attemptId, []))).toEqual([409, 'ATTEMPT_CLOSED'])
    for (const body of [attempt, graded, (await api.get(`/v1/quiz-attempts/${attempt.attemptId}`)).body])
      for (const secret of SECRETS) expect(JSON.stringify(body)).not.toContain(secret)
    await eventually(async () => {
      const told = service.events.filter(
        ({ type, data }) => type === QuizGraded.type && JSON.stringify(data).includes(id),
      )
      expect(told.map(({ data }) => data)).toEqual([
        { attemptId: attempt.attemptId, lessonId: lessons[0], studentId: id, score: 2, max: 3, passed: true },
      ])
    })
  })

  test('keeps the questions it was asked, whatever is written meanwhile', async () => {
    const { write, learner } = await published()
    const { start, submit } = await learner()
    const attempt = await start()
    await write({ questions: [{ kind: 'text', prompt: 'New?', accepted: ['new'] }] })
    expect((await start()).questions).toEqual(attempt.questions)
    const { body } = await submit(attempt.attemptId, knowing(attempt))
    expect(body).toMatchObject({ result: { score: 3, max: 3 } })
    expect((await start()).questions).toMatchObject([{ number: 1, prompt: 'New?' }])
  })

  test('ends at the deadline of the server, and counts as a try', async () => {
    const { learner } = await published({ timeLimitSeconds: 60, maxAttempts: 2 })
    const { api, start, submit } = await learner()
    const attempt = await start()
    service.clock.advance(60_000)
    expect(refusal(await submit(attempt.attemptId, knowing(attempt)))).toEqual([409, 'ATTEMPT_CLOSED'])
    expect((await api.get(`/v1/quiz-attempts/${attempt.attemptId}`)).body).toMatchObject({ status: 'EXPIRED' })
    const second = await start()
    expect(second).toMatchObject({ number: 2, status: 'OPEN' })
    expect((await submit(second.attemptId, knowing(second))).body).toMatchObject({ result: { score: 3, passed: true } })
    expect(refusal(await api.post(`/v1/quizzes/${second.quizId}/attempts`))).toEqual([409, 'NO_ATTEMPTS_LEFT'])
    service.clock.advance(-60_000)
  })

  test('points to answers that do not fit, and is not spent by them', async () => {
    const { learner } = await published()
    const { start, submit } = await learner()
    const { attemptId } = await start()
    expect(refusal(await submit(attemptId, [{ number: 1, text: 'a\u0000b' }]))).toEqual([400, 'INVALID_INPUT'])
    const refused = await submit(attemptId, [{ number: 1 }, { number: 9 }])
    expect([refused.status, problemOf(refused)]).toEqual([
      422,
      { code: 'ANSWERS_INVALID', pointers: ['/answers/1/number'] },
    ])
    expect((await start()).attemptId).toBe(attemptId)
  })

  test('that is the best counts for the grade of the course', async () => {
    const { learner, lessons } = await published()
    const { id, api, enrollmentId, start, submit } = await learner()
    for (const known of [1, 2, 0]) {
      const attempt = await start()
      await submit(attempt.attemptId, knowing(attempt).slice(0, known))
    }
    for (const lesson of lessons) await api.send('PUT', `/v1/enrollments/${enrollmentId}/lessons/${lesson}/completion`)
    await eventually(async () => {
      const told = service.events.filter(
        ({ type, data }) => type === CourseCompleted.type && JSON.stringify(data).includes(id),
      )
      expect(told).toMatchObject([{ data: { grade: 66.67 } }])
    })
  })

  test('keeps its lesson open until it is passed, and no other lesson', async () => {
    const { learner, lessons } = await published()
    const { api, enrollmentId, start, submit } = await learner()
    const complete = (lesson: LessonId | undefined) =>
      api.send('PUT', `/v1/enrollments/${enrollmentId}/lessons/${lesson}/completion`)
    const [first, second] = lessons
    expect(refusal(await complete(first))).toEqual([409, 'QUIZ_NOT_PASSED'])
    expect((await complete(second)).status).toBe(200)
    const failed = await start()
    await submit(failed.attemptId, [])
    expect(refusal(await complete(first))).toEqual([409, 'QUIZ_NOT_PASSED'])
    const { attemptId, ...attempt } = await start()
    await submit(attemptId, knowing({ attemptId, ...attempt }))
    expect((await complete(first)).status).toBe(200)
  })
})
