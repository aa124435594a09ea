import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { FieldProblem } from '../kernel/errors.ts'
import type { CourseId, LessonId, QuizId } from '../kernel/ids.ts'
import { Title } from './course-details.ts'
import { QuizInvalid } from './errors.ts'
import { Question } from './quiz-questions.ts'

const EXAMPLE: Question = {
  kind: 'single',
  prompt: 'Where does the Nile end?',
  options: [
    { text: 'In Lake Chad', right: false },
    { text: 'In the Mediterranean', right: true },
  ],
}

export const QuizTerms = z.strictObject({
  title: Title,
  questions: z
    .array(Question)
    .min(1)
    .max(1_000)
    .meta({ examples: [[EXAMPLE]] }),
  /** How many of the questions an attempt asks, drawn at random; all of them where it is absent. */
  questionsPerAttempt: z.int().min(1).max(1_000).optional(),
  /** How often a learner may try; any number of times where it is absent. */
  maxAttempts: z.int().min(1).max(100).optional(),
  /** From the start of an attempt on; without end where it is absent. */
  timeLimitSeconds: z.int().min(30).max(86_400).optional(),
  /** Of the questions asked, to be answered right to pass. */
  passPercent: z.int().min(0).max(100),
})
export type QuizTerms = z.infer<typeof QuizTerms>

export interface QuizState extends QuizTerms {
  readonly id: QuizId
  readonly courseId: CourseId
  readonly lessonId: LessonId
}

const rightsOf = (question: Question): number | undefined =>
  'options' in question ? question.options.filter(({ right }) => right).length : undefined

const problemOf = (question: Question, pointer: string): FieldProblem | undefined => {
  const rights = rightsOf(question)
  if (question.kind === 'single' && rights !== 1)
    return { pointer: `${pointer}/options`, detail: 'Exactly one option is right.' }
  if (question.kind === 'multiple' && rights === 0)
    return { pointer: `${pointer}/options`, detail: 'At least one option is right.' }
  if (question.kind === 'numeric' && question.min > question.max)
    return { pointer: `${pointer}/max`, detail: 'Not below the minimum.' }
  return undefined
}

const problemsOf = ({ questions, questionsPerAttempt }: QuizTerms): FieldProblem[] => [
  ...questions.flatMap((question, at) => problemOf(question, `/questions/${at}`) ?? []),
  ...(questionsPerAttempt !== undefined && questionsPerAttempt > questions.length
    ? [{ pointer: '/questionsPerAttempt', detail: `There are ${questions.length} questions.` }]
    : []),
]

/** The questions of one lesson. An attempt keeps those it was asked, whatever is written later. */
export class Quiz extends AggregateRoot<QuizState> {
  /** Throws `QuizInvalid`. */
  static write(named: Pick<QuizState, 'id' | 'courseId' | 'lessonId'>, terms: QuizTerms): Quiz {
    const quiz = new Quiz({ ...named, ...terms }, 0)
    quiz.rewrite(terms)
    return quiz
  }

  static restore(state: QuizState, version: number): Quiz {
    return new Quiz(state, version)
  }

  /** Replaces all of it. Throws `QuizInvalid`. */
  rewrite(terms: QuizTerms): void {
    const problems = problemsOf(terms)
    if (problems.length > 0) throw QuizInvalid(problems)
    const { id, courseId, lessonId } = this.state
    this.become({ id, courseId, lessonId, ...terms })
  }
}
