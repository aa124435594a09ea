import { plainText } from '../client/plain-text.ts'
import type { WholeDeadLetter } from './dead-letters-client.ts'
import type { QueuedLetter } from './dead-queues.ts'

/** A line of the list: given up by a consumer, or by the queue service; `consumer` is then the queue it lies in. */
export interface ListedLetter {
  readonly deadLetterId: string
  readonly consumer: string
  readonly type: string
  readonly failedAt: string
  readonly reason: string
}

const maxReasonLength = 80

const cut = (text: string): string => (text.length > maxReasonLength ? `${text.slice(0, maxReasonLength - 1)}…` : text)

/** Lines with columns as wide as their widest cell; the last one is as long as it is. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const header = ['ID', 'CONSUMER', 'TYPE', 'FAILED', 'REASON']

export function listLines(letters: readonly ListedLetter[]): string[] {
  if (letters.length === 0) return ['There are no dead letters.']
  const rows = letters.map(({ deadLetterId, consumer, type, failedAt, reason }) =>
    [deadLetterId, consumer, type, failedAt, cut(reason)].map(plainText),
  )
  return tableLines([header, ...rows])
}

export function letterLines({ envelope, ...fields }: WholeDeadLetter): string[] {
  const rows = Object.entries(fields).map(([name, value]) => [name, plainText(value)])
  return [...tableLines(rows), '', readable(envelope)]
}

export function queuedLines({ deadLetterId, consumer, type, failedAt, reason, body }: QueuedLetter): string[] {
  const fields = { messageId: deadLetterId, queue: consumer, type, sentAt: failedAt, reason }
  const rows = Object.entries(fields).map(([name, value]) => [name, plainText(value)])
  return [...tableLines(rows), '', readable(body)]
}

/** Indented where it is JSON, which also escapes what a terminal would obey. */
function readable(envelope: string): string {
  try {
    return JSON.stringify(JSON.parse(envelope), null, 2)
  } catch {
    return plainText(envelope)
  }
}
