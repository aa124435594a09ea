import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, type Instant, SECOND } from '../kernel/clock.ts'
import type { FieldProblem } from '../kernel/errors.ts'
import type { LessonId, QuizAttemptId, QuizId, UserId } from '../kernel/ids.ts'
import { AnswersInvalid, AttemptClosed, NoAttemptsLeft } from './errors.ts'
import { QuizGraded } from './events.ts'
import type { Quiz } from './quiz.ts'
import { type Answer, asked, type AskedQuestion, givenTo, isRight, type Question } from './quiz-questions.ts'
import { randomOf, shuffled } from './shuffle.ts'

export interface AttemptRecord {
  readonly id: QuizAttemptId
  readonly quizId: QuizId
  readonly lessonId: LessonId
  readonly studentId: UserId
  /** From 1: the learner's first, second and so on. */
  readonly number: number
  /** As asked, with their answers, in the order of this attempt. */
  readonly questions: readonly Question[]
  readonly passPercent: number
  readonly startedAt: Instant
  readonly deadlineAt?: Instant | undefined
}

export interface GradedAttempt extends AttemptRecord {
  readonly status: 'GRADED'
  readonly answers: readonly Answer[]
  /** The questions that were answered right. */
  readonly score: number
  readonly passed: boolean
  readonly gradedAt: Instant
}

export type AttemptState = (AttemptRecord & { readonly status: 'OPEN' }) | GradedAttempt

const drawn = ({ questions, questionsPerAttempt = questions.length }: Quiz['state'], seed: string): Question[] => {
  const random = randomOf(seed)
  return shuffled(questions, random)
    .slice(0, questionsPerAttempt)
    .map((question) =>
      'options' in question ? { ...question, options: shuffled(question.options, random) } : question,
    )
}

const fits = (question: Question, answer: Answer): boolean => {
  const given = Object.keys(answer).length - 1
  if (given === 0) return true
  if (given > 1 || givenTo(question, answer) === undefined) return false
  if (!('options' in question)) return true
  const chosen = answer.options ?? []
  const isOnce = new Set(chosen).size === chosen.length
  return (
    isOnce &&
    chosen.every((option) => option <= question.options.length) &&
    (question.kind === 'multiple' || chosen.length < 2)
  )
}

const problemsOf = (questions: readonly Question[], answers: readonly Answer[]): FieldProblem[] => {
  const seen = new Set<number>()
  return answers.flatMap((answer, at) => {
    const question = questions[answer.number - 1]
    const isRepeated = seen.has(answer.number)
    seen.add(answer.number)
    if (!question) return { pointer: `/answers/${at}/number`, detail: 'There is no such question.' }
    if (isRepeated) return { pointer: `/answers/${at}/number`, detail: 'Answered twice.' }
    return fits(question, answer)
      ? []
      : { pointer: `/answers/${at}`, detail: `No answer to a ${question.kind} question.` }
  })
}

/** In one way, whatever the order of their fields. */
const written = (answers: readonly Answer[]): string =>
  JSON.stringify(answers.map(({ number, options, value, text }) => [number, options, value, text]))

/** One try of a learner at a quiz: asked once, graded once. */
export class QuizAttempt extends AggregateRoot<AttemptState> {
  /**
   * Draws and shuffles the questions; the id of the attempt decides how, so that nobody chooses.
   * Throws `NoAttemptsLeft` where there were as many before as the quiz allows.
   */
  static start(id: QuizAttemptId, quiz: Quiz, studentId: UserId, before: number, at: Instant): QuizAttempt {
    const { id: quizId, lessonId, maxAttempts, timeLimitSeconds, passPercent } = quiz.state
    if (maxAttempts !== undefined && before >= maxAttempts) throw NoAttemptsLeft(quizId, maxAttempts)
    return new QuizAttempt(
      {
        id,
        quizId,
        lessonId,
        studentId,
        number: before + 1,
        questions: drawn(quiz.state, id),
        passPercent,
        startedAt: at,
        deadlineAt: timeLimitSeconds === undefined ? undefined : addMs(at, timeLimitSeconds * SECOND),
        status: 'OPEN',
      },
      0,
    )
  }

  static restore(state: AttemptState, version: number): QuizAttempt {
    return new QuizAttempt(state, version)
  }

  isOpen(at: Instant): boolean {
    const { status, deadlineAt } = this.state
    return status === 'OPEN' && (deadlineAt === undefined || at < deadlineAt)
  }

  get asked(): readonly AskedQuestion[] {
    return this.state.questions.map(asked)
  }

  /**
   * Grades the answers; what is left out counts as wrong. The same answers again get the same grade.
   * Throws `AttemptClosed` for others, and after the deadline; `AnswersInvalid`.
   */
  submit(answers: readonly Answer[], at: Instant): GradedAttempt {
    const { state } = this
    if (state.status === 'GRADED') {
      if (written(state.answers) !== written(answers)) throw AttemptClosed(this.id)
      return state
    }
    if (!this.isOpen(at)) throw AttemptClosed(this.id)
    const { questions, passPercent, lessonId, studentId } = state
    const problems = problemsOf(questions, answers)
    if (problems.length > 0) throw AnswersInvalid(problems)
    const given = new Map(answers.map((answer) => [answer.number, answer]))
    const score = questions.filter((question, n) => isRight(question, given.get(n + 1))).length
    const max = questions.length
    const passed = score * 100 >= passPercent * max
    const graded: GradedAttempt = { ...state, status: 'GRADED', answers, score, passed, gradedAt: at }
    this.become(graded)
    this.apply(QuizGraded, { attemptId: this.id, lessonId, studentId, score, max, passed })
    return graded
  }
}
