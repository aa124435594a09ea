import { parseArgs } from 'node:util'
import { Login } from '../client/credentials.ts'
import { platformUrl } from '../client/platform-url.ts'
import { services } from './services.ts'

/** What to do with dead letters. */
export type Action =
  | { verb: 'ls' }
  | { verb: 'show'; id: string }
  | { verb: 'redrive'; ids: readonly string[] | 'all' }
  | { verb: 'drop'; ids: readonly string[] | 'all' }

/** A running platform, and who asks it. */
export interface PlatformOptions {
  readonly baseUrl: URL
  readonly dataDirectory: string
  readonly login?: Login | undefined
}

export interface DeadLetterOptions extends PlatformOptions {
  readonly action: Action
  readonly services: readonly string[]
  /** One of the queue service's own dead-letter queues, in place of what the services gave up. */
  readonly queue?: string | undefined
}

export type Arguments =
  | { kind: 'help' }
  | { kind: 'wrong'; message: string }
  | { kind: 'topology'; mermaid: boolean; functions: boolean }
  | { kind: 'provision' }
  | { kind: 'doctor'; options: PlatformOptions; functions: boolean }
  | { kind: 'dlq'; options: DeadLetterOptions }

const flags = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  data: { type: 'string', default: '.data' },
  email: { type: 'string' },
  password: { type: 'string' },
  service: { type: 'string' },
  queue: { type: 'string' },
  all: { type: 'boolean', default: false },
  mermaid: { type: 'boolean', default: false },
  functions: { type: 'boolean', default: false },
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

function understand({ values, positionals: [what, ...words] }: Parsed): Arguments {
  if (values.help) return { kind: 'help' }
  const misplaced = misplacedFlag(what, values)
  if (misplaced !== undefined) return wrong(misplaced)
  if (what === 'dlq') return understandDeadLetters(values, words)
  const [extra] = words
  if (extra !== undefined && (what === 'topology' || what === 'provision' || what === 'doctor'))
    return wrong(`${what} takes no "${extra}".`)
  if (what === 'topology') return { kind: 'topology', mermaid: values.mermaid, functions: values.functions }
  if (what === 'provision') return { kind: 'provision' }
  if (what === 'doctor') {
    const options = platformOf(values)
    return typeof options === 'string' ? wrong(options) : { kind: 'doctor', options, functions: values.functions }
  }
  const known = 'topology, provision, doctor or dlq'
  return wrong(what ? `There is no "${what}" here, only ${known}.` : `Say what to do: ${known}.`)
}

/** What is wrong with a flag that another word takes. */
function misplacedFlag(what: string | undefined, values: Parsed['values']): string | undefined {
  if (values.mermaid && what !== 'topology') return '--mermaid belongs to topology.'
  if (values.functions && what !== 'topology' && what !== 'doctor') return '--functions belongs to topology and doctor.'
  for (const flag of ['service', 'queue', 'all'] as const)
    if (values[flag] && what !== 'dlq') return `--${flag} belongs to dlq.`
  return undefined
}

/** The platform that is meant, or what is wrong with it. */
function platformOf({ url, email, password, data }: Parsed['values']): PlatformOptions | string {
  const baseUrl = platformUrl(url)
  if (!baseUrl) return `--url ${url} is not an http or https address.`
  if ((email === undefined) !== (password === undefined)) return '--email and --password belong together.'
  return { baseUrl, dataDirectory: data, login: Login.safeParse({ email, password }).data }
}

function understandDeadLetters(values: Parsed['values'], [verb, ...ids]: readonly string[]): Arguments {
  const { service, queue } = values
  const action = actionOf(verb, ids, values.all, queue)
  if (typeof action === 'string') return wrong(action)
  if (service !== undefined && queue !== undefined) return wrong('--service and --queue exclude each other.')
  if (service !== undefined && !services.includes(service)) return wrong(`There is no service "${service}".`)
  const platform = platformOf(values)
  if (typeof platform === 'string') return wrong(platform)
  const asked = service === undefined ? services : [service]
  return { kind: 'dlq', options: { ...platform, action, services: asked, queue } }
}

/** The action, or what is wrong with it. */
function actionOf(
  verb: string | undefined,
  ids: readonly string[],
  all: boolean,
  queue: string | undefined,
): Action | string {
  const [id, ...more] = ids
  if (verb === 'drop' && all && queue === undefined) return 'drop --all needs the --queue that is to be emptied.'
  if (all && verb !== 'redrive' && verb !== 'drop') return '--all belongs to redrive, and to drop of a queue.'
  if (verb === 'ls') return id === undefined ? { verb } : 'ls takes no id.'
  if (verb === 'show') return id === undefined || more.length > 0 ? 'Name the one dead letter to show.' : { verb, id }
  if (verb === 'redrive' && queue !== undefined && !all)
    return 'The queue service moves whole queues: say --all to redrive this one.'
  if (verb === 'redrive' || verb === 'drop') {
    if (all) return id === undefined ? { verb, ids: 'all' } : 'Name dead letters or say --all, not both.'
    if (id !== undefined) return { verb, ids }
    return `Name the dead letters to ${verb}${verb === 'redrive' ? ', or say --all' : ''}.`
  }
  return verb
    ? `dlq cannot "${verb}"; it can ls, show, redrive and drop.`
    : 'Say what to do: ls, show, redrive or drop.'
}
