import { ClientFailure } from '../client/client-failure.ts'
import { adminLogin } from '../client/credentials.ts'
import type { Patience } from '../client/persistent-fetch.ts'
import type { Terminal } from '../client/terminal.ts'
import type { DeadLetterOptions } from './arguments.ts'
import { connect, type DeadLettersClient, type Outcome, type WholeDeadLetter } from './dead-letters-client.ts'
import type { DeadQueues, QueuedLetter } from './dead-queues.ts'
import { runDeadQueue } from './run-dead-queue.ts'
import { letterLines, listLines, queuedLines } from './table.ts'

export interface Surroundings {
  readonly terminal: Terminal
  readonly wait: Patience['wait']
  /** The queue service's own dead-letter queues; absent where nothing is said about AWS. */
  readonly queues?: DeadQueues | undefined
}

/** Does what was asked and reports; the exit code is 0 when all of it was done, else 1. */
export async function runDeadLetters(options: DeadLetterOptions, surroundings: Surroundings): Promise<0 | 1> {
  const { terminal, wait, queues } = surroundings
  try {
    if (options.queue !== undefined) {
      const queue = queueNamed(options.queue, queues)
      return await runDeadQueue(options.action, options.queue, queue, surroundings)
    }
    const login = options.login ?? (await adminLogin(options.dataDirectory))
    return await act(await connect(options.baseUrl, login, wait), options, terminal, queues)
  } catch (error) {
    if (!(error instanceof ClientFailure)) throw error
    terminal.error(error.message)
    return 1
  }
}

function queueNamed(name: string, queues: DeadQueues | undefined) {
  if (!queues) throw new ClientFailure('--queue needs AWS_ENDPOINT_URL (an emulator) or AWS_REGION (AWS itself).')
  if (!queues.names.includes(name))
    throw new ClientFailure(`There is no dead-letter queue "${name}"; "npm run bus -- topology" names them.`)
  return queues.open(name)
}

async function act(
  client: DeadLettersClient,
  options: DeadLetterOptions,
  terminal: Terminal,
  queues: DeadQueues | undefined,
): Promise<0 | 1> {
  const { action, services } = options
  const queued = async () => (await queues?.ofServices(services)) ?? []
  if (action.verb === 'ls') {
    const lists = await Promise.all([...services.map((service) => client.list(service)), queued()])
    for (const line of listLines(lists.flat().toSorted(byTime))) terminal.out(line)
    return 0
  }
  if (action.verb === 'show') return await show(client, action.id, services, terminal, queued)
  const named = action.ids === 'all' ? await everyLetter(client, services) : await located(client, action.ids, services)
  let failed = false
  for (const { id, service } of named) {
    const outcome =
      service === undefined
        ? await changeQueued(action.verb, id, await queued(), queues)
        : await client[action.verb](service, id)
    report(terminal, action.verb, id, outcome)
    failed ||= !outcome.done
  }
  if (named.length === 0) terminal.out('There are no dead letters.')
  return failed ? 1 : 0
}

const missing: Outcome = { done: false, reason: 'there is no such dead letter' }

/** What becomes of a letter that no service has. */
async function changeQueued(
  verb: 'redrive' | 'drop',
  id: string,
  queued: readonly QueuedLetter[],
  queues: DeadQueues | undefined,
): Promise<Outcome> {
  const letter = queued.find(({ deadLetterId }) => deadLetterId === id)
  if (!letter || !queues) return missing
  const { consumer: queue } = letter
  if (verb === 'redrive')
    return { done: false, reason: `the queue service moves whole queues: dlq redrive --all --queue ${queue}` }
  return (await queues.open(queue).drop(id)) ? { done: true } : missing
}

const byTime = (a: { failedAt: string }, b: { failedAt: string }): number => (a.failedAt < b.failedAt ? -1 : 1)

interface Located {
  readonly id: string
  /** Undefined where no service has it. */
  readonly service: string | undefined
}

const everyLetter = async (client: DeadLettersClient, services: readonly string[]): Promise<Located[]> => {
  const lists = await Promise.all(
    services.map(async (service) => (await client.list(service)).map(({ deadLetterId: id }) => ({ id, service }))),
  )
  return lists.flat()
}

const located = (client: DeadLettersClient, ids: readonly string[], services: readonly string[]): Promise<Located[]> =>
  Promise.all(ids.map(async (id) => ({ id, service: (await find(client, id, services))?.service })))

/** An id names one dead letter of the platform, so that nobody has to say whose it is. */
async function find(
  client: DeadLettersClient,
  id: string,
  services: readonly string[],
): Promise<{ readonly service: string; readonly letter: WholeDeadLetter } | undefined> {
  for (const service of services) {
    const letter = await client.find(service, id)
    if (letter) return { service, letter }
  }
  return undefined
}

async function show(
  client: DeadLettersClient,
  id: string,
  services: readonly string[],
  terminal: Terminal,
  queued: () => Promise<readonly QueuedLetter[]>,
): Promise<0 | 1> {
  const found = await find(client, id, services)
  const inQueue = found ? undefined : (await queued()).find(({ deadLetterId }) => deadLetterId === id)
  if (!found && !inQueue) {
    terminal.error(`${id}: there is no such dead letter`)
    return 1
  }
  for (const line of [...(found ? letterLines(found.letter) : []), ...(inQueue ? queuedLines(inQueue) : [])])
    terminal.out(line)
  return 0
}

const DONE = { redrive: 'redriven', drop: 'dropped' } as const
const KEPT = { redrive: 'not redriven', drop: 'not dropped' } as const

function report(terminal: Terminal, verb: 'redrive' | 'drop', id: string, outcome: Outcome): void {
  if (outcome.done) terminal.out(`${id}: ${DONE[verb]}`)
  else terminal.error(`${id}: ${KEPT[verb]}: ${outcome.reason}`)
}
