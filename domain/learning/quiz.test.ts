import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, SECOND } from '../kernel/clock.ts'
import type { DeclaredError, DomainError } from '../kernel/errors.ts'
import { AnswersInvalid, AttemptClosed, NoAttemptsLeft, QuizInvalid } from './errors.ts'
import { QuizGraded } from './events.ts'
import { exampleIds, exampleLearner, NOW } from './examples.ts'
import { QuizAttempt } from './quiz-attempt.ts'
import { Answer, isRight, type Question } from './quiz-questions.ts'
import { Quiz, type QuizTerms } from './quiz.ts'
import { randomOf, shuffled } from './shuffle.ts'

const single: Question = {
  kind: 'single',
  prompt: 'Capital of France?',
  options: [
    { text: 'Lyon', right: false },
    { text: 'Paris', right: true },
    { text: 'Nice', right: false },
  ],
}
const multiple: Question = {
  kind: 'multiple',
  prompt: 'Even numbers?',
  options: [
    { text: '2', right: true },
    { text: '3', right: false },
    { text: '4', right: true },
  ],
}
const numeric: Question = { kind: 'numeric', prompt: 'Pi?', min: 3.14, max: 3.15 }
const text: Question = { kind: 'text', prompt: 'Author?', accepted: ['Gabriel García Márquez', 'García Márquez'] }

const named = { id: exampleIds.next('quz'), courseId: exampleIds.next('crs'), lessonId: exampleIds.next('les') }
const terms: QuizTerms = { title: 'All kinds', questions: [single, multiple, numeric, text], passPercent: 75 }
const quiz = (changes: Partial<QuizTerms> = {}) => Quiz.write(named, { ...terms, ...changes })
const start = (changes: Partial<QuizTerms> = {}, before = 0) =>
  QuizAttempt.start(exampleIds.next('qat'), quiz(changes), exampleLearner, before, NOW)
const refuses = (error: DeclaredError, act: () => void, pointer?: string): void => {
  const fields = pointer === undefined ? {} : { fields: expect.arrayContaining([expect.objectContaining({ pointer })]) }
  expect(act).toThrow(expect.objectContaining<Partial<DomainError>>({ code: error.code, ...fields }))
}

/** The right answers to an attempt, as its learner would have to give them. */
const rightTo = ({ state }: QuizAttempt): Answer[] =>
  state.questions.map((question, n) => {
    const number = n + 1
    if (question.kind === 'numeric') return { number, value: question.min }
    if (question.kind === 'text') return { number, text: question.accepted[0] ?? '' }
    return { number, options: question.options.flatMap(({ right }, at) => (right ? [at + 1] : [])) }
  })

describe('an answer is right', () => {
  const to = (question: Question, answer: Omit<Answer, 'number'>) => isRight(question, { number: 1, ...answer })

  test('to a single choice where it is the one', () => {
    expect(to(single, { options: [2] })).toBe(true)
    for (const options of [[], [1], [1, 2]]) expect(to(single, { options })).toBe(false)
  })

  test('to a multiple choice where it is all of them and no other', () => {
    expect(to(multiple, { options: [3, 1] })).toBe(true)
    for (const options of [[], [1], [1, 2, 3], [2]]) expect(to(multiple, { options })).toBe(false)
  })

  test('to a number inside its bounds, both included', () => {
    for (const value of [3.14, 3.1415, 3.15]) expect(to(numeric, { value })).toBe(true)
    for (const value of [3.139, 3.151, Number.NaN]) expect(to(numeric, { value })).toBe(false)
  })

  test('to a short text whatever its case, white space and form of Unicode', () => {
    const decomposed = '  gabriel   GARCÍA márquez '.normalize('NFD')
    for (const given of [decomposed, 'García Márquez']) expect(to(text, { text: given })).toBe(true)
    for (const given of ['Garcia Marquez', '', 'Gabriel']) expect(to(text, { text: given })).toBe(false)
  })

  test('never where it was left out', () => {
    for (const question of terms.questions) {
      expect(isRight(question, undefined)).toBe(false)
      expect(to(question, {})).toBe(false)
    }
  })
})

describe('a quiz', () => {
  test('has a right answer to each question, and as many as an attempt asks', () => {
    const all = (right: boolean) => single.options.map((option) => ({ ...option, right }))
    const ask =
      (...questions: Question[]) =>
      () =>
        quiz({ questions })
    refuses(QuizInvalid, ask(single, { ...single, options: all(true) }), '/questions/1/options')
    refuses(QuizInvalid, ask({ ...single, options: all(false) }), '/questions/0/options')
    refuses(QuizInvalid, ask({ ...multiple, options: all(false) }), '/questions/0/options')
    refuses(QuizInvalid, ask({ ...numeric, min: 4 }), '/questions/0/max')
    refuses(QuizInvalid, () => quiz({ questionsPerAttempt: 5 }), '/questionsPerAttempt')
    refuses(QuizInvalid, () => quiz().rewrite({ ...terms, questionsPerAttempt: 5 }), '/questionsPerAttempt')
  })
})

describe('an attempt', () => {
  test('asks what the quiz has, in an order of its own that stays, and tells no answer', () => {
    const attempt = start()
    expect(attempt.state.questions).toHaveLength(4)
    expect(new Set(attempt.asked.map(({ prompt }) => prompt))).toEqual(
      new Set(terms.questions.map(({ prompt }) => prompt)),
    )
    const shown = JSON.stringify(attempt.asked)
    for (const told of ['right', 'accepted', 'García', '3.14']) expect(shown).not.toContain(told)
    expect(QuizAttempt.start(attempt.id, quiz(), exampleLearner, 0, NOW).asked).toEqual(attempt.asked)
    const orders = new Set(Array.from({ length: 30 }, () => JSON.stringify(start().asked)))
    expect(orders.size).toBeGreaterThan(10)
  })

  test('draws as many as it asks', () => {
    const drawn = Array.from({ length: 40 }, () => start({ questionsPerAttempt: 2 }).state.questions)
    expect(drawn.every((questions) => questions.length === 2)).toBe(true)
    expect(new Set(drawn.flat().map(({ prompt }) => prompt)).size).toBe(4)
  })

  test('counts its predecessors', () => {
    expect(start({ maxAttempts: 2 }, 1).state.number).toBe(2)
    refuses(NoAttemptsLeft, () => start({ maxAttempts: 2 }, 2))
  })

  test('is graded once, and passed from the share that the quiz wants', () => {
    const attempt = start()
    const answers = rightTo(attempt)
    const graded = attempt.submit(answers.slice(1), NOW)
    expect(graded).toMatchObject({ status: 'GRADED', score: 3, passed: true, gradedAt: NOW })
    const { id: attemptId, state } = attempt
    const { lessonId } = named
    expect(attempt.events).toEqual([
      {
        definition: QuizGraded,
        data: { attemptId, lessonId, studentId: exampleLearner, score: 3, max: 4, passed: true },
      },
    ])
    expect(attempt.submit(answers.slice(1), addMs(NOW, 5))).toBe(state)
    const reordered = answers.slice(1).map((answer) => Object.fromEntries(Object.entries(answer).toReversed()))
    expect(attempt.submit(Answer.array().parse(reordered), NOW)).toBe(state)
    refuses(AttemptClosed, () => attempt.submit(answers, NOW))
    expect(attempt.events).toHaveLength(1)
    const worse = start()
    expect(worse.submit(rightTo(worse).slice(2), NOW)).toMatchObject({ score: 2, passed: false })
  })

  test('is closed at its deadline', () => {
    const attempt = start({ timeLimitSeconds: 60 })
    const deadline = addMs(NOW, 60 * SECOND)
    expect([attempt.isOpen(addMs(deadline, -1)), attempt.isOpen(deadline)]).toEqual([true, false])
    refuses(AttemptClosed, () => attempt.submit([], deadline))
    expect(attempt.submit([], addMs(deadline, -1))).toMatchObject({ score: 0, passed: false })
    expect(start().isOpen(addMs(NOW, 1e12))).toBe(true)
  })

  test('refuses answers that do not fit, and says which', () => {
    const attempt = start()
    const at = (kind: Question['kind']) => attempt.state.questions.findIndex((question) => question.kind === kind) + 1
    const refused = (answer: Answer, pointer: string) =>
      refuses(AnswersInvalid, () => attempt.submit([answer], NOW), pointer)
    refused({ number: 5 }, '/answers/0/number')
    refused({ number: at('single'), value: 1 }, '/answers/0')
    refused({ number: at('single'), options: [1, 2] }, '/answers/0')
    refused({ number: at('single'), options: [4] }, '/answers/0')
    refused({ number: at('multiple'), options: [1, 1] }, '/answers/0')
    refused({ number: at('numeric'), text: '3.14' }, '/answers/0')
    refused({ number: at('text'), text: 'a', value: 1 }, '/answers/0')
    refuses(AnswersInvalid, () => attempt.submit([{ number: 1 }, { number: 1 }], NOW), '/answers/1/number')
    expect(attempt.state.status).toBe('OPEN')
  })
})

test('the right answers earn all points, whatever was drawn and however it was shuffled', () => {
  const banks = fc.array(fc.constantFrom(single, multiple, numeric, text), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(banks, (questions) => {
      const attempt = start({ questions })
      const { score } = attempt.submit(rightTo(attempt), NOW)
      expect(score).toBe(questions.length)
    }),
  )
})

test('a shuffle keeps every item, and its order follows from the seed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
      const once = shuffled(items, randomOf(seed))
      expect(once).toEqual(shuffled(items, randomOf(seed)))
      expect(once.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b))
    }),
  )
})

test('a shuffle prefers no place', () => {
  const counts = [0, 0, 0, 0]
  for (let n = 0; n < 4_000; n++) {
    const place = shuffled([0, 1, 2, 3], randomOf(`seed ${n}`)).indexOf(0)
    counts[place] = (counts[place] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})
