import { parseArgs } from 'node:util'
import { Login } from '../client/credentials.ts'
import { platformUrl } from '../client/platform-url.ts'
import type { ImportOptions } from './import-courses.ts'
import { canonicalLanguage } from './list-language.ts'

export type Arguments =
  | { kind: 'help' }
  | { kind: 'wrong'; message: string }
  | { kind: 'courses'; options: ImportOptions }

const flags = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  data: { type: 'string', default: '.data' },
  email: { type: 'string' },
  password: { type: 'string' },
  language: { type: 'string' },
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
  if (!what) return wrong('Say what to import: courses.')
  if (what !== 'courses') return wrong(`There is no import of "${what}", only of courses.`)
  if (files.length === 0) return wrong('Name at least one file.')
  const baseUrl = platformUrl(values.url)
  if (!baseUrl) return wrong(`--url ${values.url} is not an http or https address.`)
  const language = values.language === undefined ? undefined : canonicalLanguage(values.language)
  if (values.language !== undefined && !language) return wrong(`--language ${values.language} is not a BCP 47 tag.`)
  const { email, password } = values
  if ((email === undefined) !== (password === undefined)) return wrong('--email and --password belong together.')
  const login = Login.safeParse({ email, password }).data
  return {
    kind: 'courses',
    options: { files, baseUrl, dataDirectory: values.data, ...(login && { login }), ...(language && { language }) },
  }
}
