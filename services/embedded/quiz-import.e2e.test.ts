import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { LessonId, QuizId } from '#domain/kernel/ids.ts'
import { importQuiz } from '#services/cli/import/import-quiz.ts'
import { publishCourse } from './testing/courses.ts'
import { makePerson } from './testing/people.ts'
import type { PlatformUnderTest } from './testing/platform.ts'
import { startPlatformUnderTest } from './testing/under-test.ts'

const GIFT = `// Rivers
$CATEGORY: earth/rivers

::nile:: Where does the Nile end? {
  ~In Lake Chad
  =In the Mediterranean
}

::pairs:: Match {=Seine -> Paris =Thames -> London =Spree -> Berlin}

::length:: How many kilometres is the Rhine long? {#1230:20}
`
const Content = z.object({
  sections: z.array(z.object({ lessons: z.array(z.object({ id: LessonId })) })),
  quizzes: z.array(z.object({ quizId: QuizId, title: z.string() })),
})

let platform: PlatformUnderTest
let folder: string
beforeAll(async () => {
  platform = await startPlatformUnderTest()
  folder = await mkdtemp(join(tmpdir(), 'quiz-'))
})
afterAll(async () => {
  await platform.stop()
  await rm(folder, { recursive: true })
})

test('a tutor loads a question bank, hears what was refused, and the course has its quiz', async () => {
  const tutor = await makePerson(platform, 'learner', 'tutor')
  const price = { amount: 0, currency: 'EUR' } as const
  const { courseId } = await publishCourse(platform, tutor, { title: 'Rivers of the world', price, capacity: 5 })
  const content = () =>
    platform.client.expect(200, Content, 'GET', `/v1/courses/${courseId}/content`, { token: tutor.token })
  const lessonId = (await content()).sections[0]?.lessons[0]?.id ?? ''
  const file = join(folder, 'rivers.gift')
  await writeFile(file, GIFT)
  const [out, errors]: [string[], string[]] = [[], []]
  const terminal = { out: (line: string) => out.push(line), error: (line: string) => errors.push(line) }
  const run = (changes: { lessonId: string; password?: string }) =>
    importQuiz(
      {
        file,
        baseUrl: new URL(platform.client.baseUrl),
        dataDirectory: folder,
        login: { email: tutor.email, password: changes.password ?? tutor.password },
        passPercent: 60,
        lessonId: changes.lessonId,
      },
      { terminal, wait: async () => {} },
    )
  expect(await run({ lessonId })).toBe(0)
  expect(out).toEqual([`${file}:9: pairs: a matching question`, '2 questions written, 1 refused.'])
  const { quizzes } = await content()
  expect(quizzes).toEqual([{ quizId: expect.any(String), title: 'rivers' }])
  const shown = await platform.client.call('GET', `/v1/quizzes/${quizzes[0]?.quizId}`, { token: tutor.token })
  expect(shown.text).toContain('"questionCount":2')

  expect(await run({ lessonId: 'les_01950000-0000-7000-8000-000000000001' })).toBe(1)
  expect(await run({ lessonId, password: 'wrong' })).toBe(1)
  expect(errors).toEqual([expect.stringContaining('404 LESSON_NOT_FOUND'), expect.stringContaining(tutor.email)])
})
