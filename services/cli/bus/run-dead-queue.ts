import type { DeadLetterQueue } from '#bus/transports/aws/dead-letter-queue.ts'
import type { Patience } from '../client/persistent-fetch.ts'
import type { Terminal } from '../client/terminal.ts'
import type { Action } from './arguments.ts'
import { queuedLetter } from './dead-queues.ts'
import { listLines, queuedLines } from './table.ts'

const POLL_MS = 1_000
/** A move of half a million messages takes this long; it goes on when nobody watches. */
const MOST_POLLS = 1_000

/** Does what was asked with one dead-letter queue; the exit code is 0 when all of it was done, else 1. */
export async function runDeadQueue(
  action: Action,
  name: string,
  queue: DeadLetterQueue,
  { terminal, wait }: { readonly terminal: Terminal; readonly wait: Patience['wait'] },
): Promise<0 | 1> {
  const print = (lines: readonly string[]): 0 => {
    for (const line of lines) terminal.out(line)
    return 0
  }
  const letters = async () => (await queue.list()).map((message) => queuedLetter('', name, message))
  if (action.verb === 'ls') return print(listLines(await letters()))
  if (action.verb === 'show') {
    const letter = (await letters()).find(({ deadLetterId }) => deadLetterId === action.id)
    if (letter) return print(queuedLines(letter))
    terminal.error(`${action.id}: there is no such dead letter in ${name}`)
    return 1
  }
  if (action.verb === 'redrive') return await redrive(name, queue, terminal, wait)
  if (action.ids === 'all') {
    await queue.purge()
    return print([`${name}: emptied; SQS takes up to a minute for it`])
  }
  let failed = false
  for (const id of action.ids) {
    const dropped = await queue.drop(id)
    if (dropped) terminal.out(`${id}: dropped`)
    else terminal.error(`${id}: not dropped: there is no such dead letter in ${name}`)
    failed ||= !dropped
  }
  return failed ? 1 : 0
}

async function redrive(
  name: string,
  queue: DeadLetterQueue,
  terminal: Terminal,
  wait: Patience['wait'],
): Promise<0 | 1> {
  await queue.redrive()
  for (let polls = 0; polls < MOST_POLLS; polls++) {
    const move = await queue.lastMove()
    if (move && move.status !== 'RUNNING') {
      if (move.status === 'COMPLETED') terminal.out(`${name}: ${move.moved} redriven to where they came from`)
      else
        terminal.error(`${name}: the move ended as ${move.status} after ${move.moved}: ${move.failure ?? 'no reason'}`)
      return move.status === 'COMPLETED' ? 0 : 1
    }
    await wait(POLL_MS)
  }
  terminal.out(`${name}: the queue service still moves them, and goes on by itself`)
  return 0
}
