import { parseArgs } from 'node:util'
import { z } from 'zod'
import { LessonId } from '#domain/kernel/ids.ts'
import { Login } from '../client/credentials.ts'
import { platformUrl } from '../client/platform-url.ts'
import type { ImportOptions } from './import-courses.ts'
import type { QuizImportOptions } from './import-quiz.ts'
import { canonicalLanguage } from './list-language.ts'

export type Arguments =
  | { kind: 'help' }
  | { kind: 'wrong'; message: string }
  | { kind: 'courses'; options: ImportOptions }
  | { kind: 'quiz'; options: QuizImportOptions }

const flags = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  data: { type: 'string', default: '.data' },
  email: { type: 'string' },
  password: { type: 'string' },
  language: { type: 'string' },
  lesson: { type: 'string' },
  title: { type: 'string' },
  'per-attempt': { type: 'string' },
  attempts: { type: 'string' },
  pass: { type: 'string', default: '60' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const wrong = (message: string): Arguments => ({ kind: 'wrong', message })

export function readArguments(argv: readonly string[]): Arguments {
  try {
    return understand(parseArgs({ args: [...argv], options: flags, allowPositionals: true }))
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

type Parsed = ReturnType<typeof parseArgs<{ options: typeof flags; allowPositionals: true }>>

function understand({ values, positionals: [what, ...files] }: Parsed): Arguments {
  if (values.help) return { kind: 'help' }
  if (!what) return wrong('Say what to import: courses or a quiz.')
  if (what !== 'courses' && what !== 'quiz') return wrong(`There is no import of "${what}", only of courses or a quiz.`)
  if (files.length === 0) return wrong('Name at least one file.')
  const baseUrl = platformUrl(values.url)
  if (!baseUrl) return wrong(`--url ${values.url} is not an http or https address.`)
  const { email, password } = values
  if ((email === undefined) !== (password === undefined)) return wrong('--email and --password belong together.')
  const login = Login.safeParse({ email, password }).data
  const platform = { baseUrl, dataDirectory: values.data, ...(login && { login }) }
  return what === 'quiz' ? quiz(values, files, platform) : courses(values, files, platform)
}

type Platform = Pick<ImportOptions, 'baseUrl' | 'dataDirectory' | 'login'>

function courses(values: Parsed['values'], files: readonly string[], platform: Platform): Arguments {
  const language = values.language === undefined ? undefined : canonicalLanguage(values.language)
  if (values.language !== undefined && !language) return wrong(`--language ${values.language} is not a BCP 47 tag.`)
  return { kind: 'courses', options: { files, ...platform, ...(language && { language }) } }
}

const WholeNumber = z.coerce.number<string>().int().min(0)
const counted = (text: string | undefined) => (text === undefined ? undefined : WholeNumber.safeParse(text))

function quiz(values: Parsed['values'], [file = '', ...others]: readonly string[], platform: Platform): Arguments {
  const { lesson, title } = values
  if (others.length > 0) return wrong('A quiz comes from one file.')
  if (lesson === undefined || !LessonId.safeParse(lesson).success)
    return wrong('--lesson names the lesson of the quiz: les_...')
  const numbers = {
    'per-attempt': counted(values['per-attempt']),
    attempts: counted(values.attempts),
    pass: counted(values.pass),
  }
  for (const [name, number] of Object.entries(numbers))
    if (number?.success === false) return wrong(`--${name} is a whole number.`)
  const { 'per-attempt': perAttempt, attempts, pass } = numbers
  return {
    kind: 'quiz',
    options: {
      file,
      lessonId: lesson,
      ...platform,
      ...(title !== undefined && { title }),
      ...(perAttempt?.data !== undefined && { questionsPerAttempt: perAttempt.data }),
      ...(attempts?.data !== undefined && { maxAttempts: attempts.data }),
      passPercent: pass?.data ?? 0,
    },
  }
}
