import type { Message } from '@aws-sdk/client-sqs'
import type { AwsClients } from '../clients.ts'

/** What becomes of one call to AWS. */
export type Fault =
  /** It never gets there. */
  | { readonly kind: 'error'; readonly error: Error }
  /** It takes effect, and its answer is lost. */
  | { readonly kind: 'lost answer' }
  /** Entries of a batch are refused, by their place in it; the others take effect. */
  | { readonly kind: 'partial'; readonly fails: (at: number) => boolean }

/** Decides about each call; `count` is 1 for the first of that name on that queue. */
export type Decide = (command: string, count: number) => Fault | undefined

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

export const throttled = (): Fault => ({ kind: 'error', error: named('ThrottlingException', 'Rate exceeded') })
export const brokenService = (): Fault => ({ kind: 'error', error: named('InternalFailure', '500') })
export const lostAnswer = (): Fault => ({ kind: 'lost answer' })
export const partial = (fails: (at: number) => boolean): Fault => ({ kind: 'partial', fails })

const CODE = { ErrorCode: 'InternalFailure', ErrorMessage: 'injected' }

/** Puts faults between a process and AWS. They are no fault of a connection, so the clients' own retries do not see them. */
export const injectFaults = async (clients: AwsClients, decide: Decide): Promise<void> => {
  const [events, queues, objects] = await Promise.all([clients.events(), clients.queues(), clients.objects()])
  const counts = new Map<string, number>()
  const faultOf = (command = '', queue = ''): Fault | undefined => {
    const count = (counts.get(`${command} ${queue}`) ?? 0) + 1
    counts.set(`${command} ${queue}`, count)
    return decide(command, count)
  }
  /** Everything but a partial failure. */
  const disturbed = async <T>(fault: Fault | undefined, send: () => Promise<T>): Promise<T> => {
    if (fault?.kind === 'error') throw fault.error
    const answer = await send()
    if (fault?.kind === 'lost answer') throw named('TimeoutError', 'The answer was lost.')
    return answer
  }

  events.middlewareStack.add((next, { commandName }) => async (args) => {
    const fault = faultOf(commandName)
    const { input } = args
    if (fault?.kind !== 'partial' || !('Entries' in input)) return disturbed(fault, () => next(args))
    const { Entries = [] } = input
    const kept = Entries.filter((_, at) => !fault.fails(at))
    const answer = kept.length > 0 ? await next({ ...args, input: { ...input, Entries: kept } }) : undefined
    const taken = answer && 'Entries' in answer.output ? (answer.output.Entries ?? []) : []
    const left = taken.values()
    const results = Entries.map((_, at) => (fault.fails(at) ? CODE : (left.next().value ?? CODE)))
    const failed = { $metadata: {}, FailedEntryCount: Entries.length - kept.length, Entries: results }
    return { response: answer?.response, output: failed }
  })

  queues.middlewareStack.add((next, { commandName }) => async (args) => {
    const { input } = args
    const fault = faultOf(commandName, 'QueueUrl' in input ? input.QueueUrl : '')
    if (fault?.kind !== 'partial' || !('Entries' in input)) return disturbed(fault, () => next(args))
    const ids = (input.Entries ?? []).map(({ Id }) => Id)
    const failing = ids.filter((_, at) => fault.fails(at))
    for (const id of failing)
      input.Entries?.splice(
        input.Entries.findIndex(({ Id }) => Id === id),
        1,
      )
    const answer = failing.length < ids.length ? await next(args) : undefined
    const successes = answer && 'Successful' in answer.output ? (answer.output.Successful ?? []) : []
    const Failed = failing.map((Id) => ({ Id, Code: CODE.ErrorCode, Message: 'injected', SenderFault: false }))
    return { response: answer?.response, output: { $metadata: {}, Successful: successes, Failed } }
  })

  objects.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        disturbed(faultOf(commandName), () => next(args)),
  )
}

/** How a message that a poll brings is disturbed. */
export type DisturbPolled = (message: Message, queue: string) => { copies: number; delay?: Promise<void> }

/** Duplicates, delays and drops what polls bring; what is dropped is visible again at once. */
export const disturbPolls = async (clients: AwsClients, disturb: DisturbPolled): Promise<void> => {
  const queues = await clients.queues()
  const late = new Map<string, Message[]>()
  queues.middlewareStack.add((next, { commandName }) => async (args) => {
    const { input } = args
    if (commandName !== 'ReceiveMessageCommand' || !('QueueUrl' in input)) return next(args)
    const answer = await next(args)
    const QueueUrl = input.QueueUrl ?? ''
    const queue = QueueUrl.split('/').at(-1) ?? ''
    const arriving: Message[] = []
    for (const message of 'Messages' in answer.output ? (answer.output.Messages ?? []) : []) {
      const { copies, delay } = disturb(message, queue)
      const brought = Array.from({ length: copies }, () => message)
      if (copies === 0)
        await queues.changeMessageVisibility({ QueueUrl, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 })
      if (delay) void delay.then(() => late.set(queue, [...(late.get(queue) ?? []), ...brought]))
      else arriving.push(...brought)
    }
    const Messages = [...(late.get(queue) ?? []), ...arriving]
    late.delete(queue)
    return { ...answer, output: { ...answer.output, Messages } }
  })
}
