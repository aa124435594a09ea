import { parseArgs } from 'node:util'
import { Login } from '../client/credentials.ts'
import { platformUrl } from '../client/platform-url.ts'
import { services } from './services.ts'

/** What to do with dead letters. */
export type Action =
  | { verb: 'ls' }
  | { verb: 'show'; id: string }
  | { verb: 'redrive'; ids: readonly string[] | 'all' }
  | { verb: 'drop'; ids: readonly string[] }

export interface DeadLetterOptions {
  readonly action: Action
  readonly services: readonly string[]
  readonly baseUrl: URL
  readonly dataDirectory: string
  readonly login?: Login | undefined
}

export type Arguments =
  | { kind: 'help' }
  | { kind: 'wrong'; message: string }
  | { kind: 'dlq'; options: DeadLetterOptions }

const flags = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  data: { type: 'string', default: '.data' },
  email: { type: 'string' },
  password: { type: 'string' },
  service: { type: 'string' },
  all: { type: 'boolean', default: false },
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

function understand({ values, positionals: [what, verb, ...ids] }: Parsed): Arguments {
  if (values.help) return { kind: 'help' }
  if (what !== 'dlq') return wrong(what ? `There is no "${what}" here, only dlq.` : 'Say what to look after: dlq.')
  const action = actionOf(verb, ids, values.all)
  if (typeof action === 'string') return wrong(action)
  const { service, email, password } = values
  if (service !== undefined && !services.includes(service)) return wrong(`There is no service "${service}".`)
  const baseUrl = platformUrl(values.url)
  if (!baseUrl) return wrong(`--url ${values.url} is not an http or https address.`)
  if ((email === undefined) !== (password === undefined)) return wrong('--email and --password belong together.')
  const login = Login.safeParse({ email, password }).data
  const asked = service === undefined ? services : [service]
  return { kind: 'dlq', options: { action, services: asked, baseUrl, dataDirectory: values.data, login } }
}

/** The action, or what is wrong with it. */
function actionOf(verb: string | undefined, ids: readonly string[], all: boolean): Action | string {
  const [id, ...more] = ids
  if (all && verb !== 'redrive') return '--all belongs to redrive.'
  if (verb === 'ls') return id === undefined ? { verb } : 'ls takes no id.'
  if (verb === 'show') return id === undefined || more.length > 0 ? 'Name the one dead letter to show.' : { verb, id }
  if (verb === 'redrive') {
    if (all) return id === undefined ? { verb, ids: 'all' } : 'Name dead letters or say --all, not both.'
    return id === undefined ? 'Name the dead letters to redrive, or say --all.' : { verb, ids }
  }
  if (verb === 'drop') return id === undefined ? 'Name the dead letters to drop.' : { verb, ids }
  return verb
    ? `dlq cannot "${verb}"; it can ls, show, redrive and drop.`
    : 'Say what to do: ls, show, redrive or drop.'
}
