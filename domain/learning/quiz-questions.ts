import { z } from 'zod'
import { line, multiline } from './course-details.ts'

const Prompt = multiline(2_000)
const Option = z.strictObject({ text: multiline(500), right: z.boolean() })
const Options = z.array(Option).min(2).max(20)

/** A question as its author writes it, answers included; each counts one point. */
export const Question = z.discriminatedUnion('kind', [
  /** One option is right. */
  z.strictObject({ kind: z.literal('single'), prompt: Prompt, options: Options }),
  /** Those that are right, and no others, are to be chosen. */
  z.strictObject({ kind: z.literal('multiple'), prompt: Prompt, options: Options }),
  /** From `min` to `max`, both included. */
  z.strictObject({ kind: z.literal('numeric'), prompt: Prompt, min: z.number(), max: z.number() }),
  /** Compared without case, in one form of Unicode, and with any white space as one. */
  z.strictObject({
    kind: z.literal('text'),
    prompt: Prompt,
    accepted: z.array(line(200)).min(1).max(20),
  }),
])
export type Question = z.infer<typeof Question>

/** A question as learners see it: nothing here tells what is right. */
export const AskedQuestion = z.object({
  /** From 1, in the order of this attempt. */
  number: z.int().min(1),
  kind: z.enum(['single', 'multiple', 'numeric', 'text']),
  prompt: z.string(),
  /** Their numbers begin at 1, in the order of this attempt. */
  options: z.array(z.string()).optional(),
})
export type AskedQuestion = z.infer<typeof AskedQuestion>

/** An answer by the numbers that were shown. */
export const Answer = z.strictObject({
  number: z.int().min(1),
  /** To `single`: one; to `multiple`: any number of options. */
  options: z.array(z.int().min(1).max(20)).max(20).optional(),
  /** To `numeric`. */
  value: z.number().optional(),
  /** To `text`. */
  text: line(1_000).optional(),
})
export type Answer = z.infer<typeof Answer>

export const asked = (question: Question, at: number): AskedQuestion => {
  const { kind, prompt } = question
  const shown = { number: at + 1, kind, prompt }
  return 'options' in question ? { ...shown, options: question.options.map(({ text }) => text) } : shown
}

const WHITE_SPACE = /\s+/gu
const plain = (text: string): string => text.normalize('NFKC').trim().replaceAll(WHITE_SPACE, ' ').toLowerCase()

/** The part of an answer that a kind of question asks for; `undefined` where it was left out. */
export const givenTo = ({ kind }: Question, { options, value, text }: Answer): unknown => {
  if (kind === 'numeric') return value
  return kind === 'text' ? text : options
}

/** Whether the answer earns the point; one that was left out does not. */
export const isRight = (question: Question, answer: Answer | undefined): boolean => {
  if (answer === undefined) return false
  switch (question.kind) {
    case 'numeric':
      return answer.value !== undefined && question.min <= answer.value && answer.value <= question.max
    case 'text': {
      const { text } = answer
      return text !== undefined && question.accepted.some((accepted) => plain(accepted) === plain(text))
    }
    case 'single':
    case 'multiple': {
      const chosen = new Set(answer.options)
      return question.options.every(({ right }, at) => right === chosen.has(at + 1))
    }
  }
}
