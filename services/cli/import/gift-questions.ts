import gift, { type GIFTQuestion, type NumericalFormat, type TextChoice, type TextFormat } from 'gift-pegjs'
import { Question } from '#domain/learning/quiz-questions.ts'
import { plainText } from '../client/plain-text.ts'

/** What could not be taken over, and why. */
export interface RefusedQuestion {
  /** Of the file, from 1. */
  readonly line: number
  /** Of the question, or where it begins. */
  readonly title: string
  readonly reason: string
}

export interface GiftQuestions {
  /** The last category that the file names. */
  readonly category: string | undefined
  readonly questions: readonly Question[]
  readonly refused: readonly RefusedQuestion[]
}

interface Block {
  readonly line: number
  readonly text: string
}

class Refusal extends Error {}

const BYTE_ORDER_MARK = /^\uFEFF/
const BLANK = /^\s*$/
const COMMENT = /^\s*\/\//
const SHOWN = 60

/** Questions stand between blank lines; the parser would take none of a file in which one is malformed. */
const blocksOf = (text: string): Block[] => {
  const blocks: Block[] = []
  let lines: string[] = []
  let begin = 1
  const end = (): void => {
    if (lines.some((line) => !COMMENT.test(line))) blocks.push({ line: begin, text: lines.join('\n') })
    lines = []
  }
  for (const [at, line] of text.replace(BYTE_ORDER_MARK, '').split(/\r?\n/).entries()) {
    if (BLANK.test(line)) end()
    else {
      if (lines.length === 0) begin = at + 1
      lines.push(line)
    }
  }
  end()
  return blocks
}

const words = ({ format, text }: TextFormat): string => {
  if (format === 'html' && text.includes('<')) throw new Refusal('HTML is not shown to learners')
  return text
}

const isPartial = ({ weight }: { readonly weight: number | null }): boolean =>
  weight !== null && weight !== 0 && weight !== 100

const option = (choice: TextChoice, right: boolean) => ({ text: words(choice.text), right })

const choicesOf = (choices: readonly TextChoice[], prompt: string): unknown => {
  const rights = choices.filter(({ isCorrect }) => isCorrect)
  if (rights.length > 0) {
    if (choices.some(isPartial)) throw new Refusal('part of the points for an answer')
    const kind = rights.length === 1 ? 'single' : 'multiple'
    return { kind, prompt, options: choices.map((choice) => option(choice, choice.isCorrect)) }
  }
  // Several right answers are written as shares of the points, which together are all of them.
  const shares = choices.filter(({ weight }) => weight !== null && weight > 0)
  const whole = shares.reduce((sum, { weight }) => sum + (weight ?? 0), 0)
  if (Math.abs(whole - 100) > 1) throw new Refusal('no right answer')
  return { kind: 'multiple', prompt, options: choices.map((choice) => option(choice, shares.includes(choice))) }
}

const boundsOf = ({ type, number = 0, range = 0, numberLow = number, numberHigh = number }: NumericalFormat) =>
  type === 'high-low' ? { min: numberLow, max: numberHigh } : { min: number - range, max: number + range }

const numberOf = (choices: Extract<GIFTQuestion, { type: 'Numerical' }>['choices'], prompt: string): unknown => {
  if (!Array.isArray(choices)) return { kind: 'numeric', prompt, ...boundsOf(choices) }
  const [only, ...others] = choices
  if (!only || others.length > 0 || isPartial(only)) throw new Refusal('several numbers, or part of the points for one')
  return { kind: 'numeric', prompt, ...boundsOf(only.text) }
}

const NO_COUNTERPART = {
  Description: 'a text that asks nothing',
  Essay: 'an essay, which only a person can grade',
  Matching: 'a matching question',
} as const

const draftOf = (read: Exclude<GIFTQuestion, { type: 'Category' }>): unknown => {
  const prompt = words(read.stem)
  switch (read.type) {
    case 'MC':
      return choicesOf(read.choices, prompt)
    case 'TF': {
      const options = [
        { text: 'True', right: read.isTrue },
        { text: 'False', right: !read.isTrue },
      ]
      return { kind: 'single', prompt, options }
    }
    case 'Numerical':
      return numberOf(read.choices, prompt)
    case 'Short':
      if (read.choices.some(isPartial)) throw new Refusal('part of the points for an answer')
      return { kind: 'text', prompt, accepted: read.choices.map(({ text }) => words(text)) }
    default:
      throw new Refusal(NO_COUNTERPART[read.type])
  }
}

const questionOf = (read: Exclude<GIFTQuestion, { type: 'Category' }>): Question => {
  const question = Question.safeParse(draftOf(read))
  if (question.success) return question.data
  const [issue] = question.error.issues
  throw new Refusal(`${issue?.path.join('.')}: ${issue?.message}`)
}

/** Reads Moodle's GIFT (https://docs.moodle.org/en/GIFT_format). What it cannot take over is told, and costs nothing else. */
export function giftQuestions(text: string): GiftQuestions {
  let category: string | undefined
  const questions: Question[] = []
  const refused: RefusedQuestion[] = []

  const take = ({ line }: Block, read: GIFTQuestion): void => {
    if (read.type === 'Category') {
      category = plainText(read.title.split('/').at(-1) ?? '')
      return
    }
    try {
      questions.push(questionOf(read))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ line, title: plainText(read.title ?? read.stem.text).slice(0, SHOWN), reason: error.message })
    }
  }

  for (const block of blocksOf(text)) {
    try {
      for (const read of gift.parse(`${block.text}\n`)) take(block, read)
    } catch (error) {
      if (!(error instanceof gift.SyntaxError)) throw error
      const title = plainText(block.text).slice(0, SHOWN)
      refused.push({ line: block.line + error.location.start.line - 1, title, reason: `not GIFT: ${error.message}` })
    }
  }
  return { category, questions, refused }
}
