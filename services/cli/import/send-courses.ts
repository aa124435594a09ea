import { type ImportedCourse, type ImportResult, maxBatchItems } from './course-import-schema.ts'
import { ClientFailure } from '../client/client-failure.ts'
import { plainText } from '../client/plain-text.ts'
import type { BatchAnswer, PlatformClient } from './platform-client.ts'
import type { PlacedItem } from './repeated-courses.ts'

export type RefusedCourse = { item: PlacedItem; reason: string }
export type Sent = {
  counts: { created: number; updated: number; unchanged: number }
  refused: RefusedCourse[]
  unsent: RefusedCourse[]
}

export const nothingSent = (): Sent => ({ counts: { created: 0, updated: 0, unchanged: 0 }, refused: [], unsent: [] })

type Batch = readonly PlacedItem[]

/** Sends all courses in batches; one that fails is reported and the next is tried, unless nobody answers any more. */
export async function sendCourses(
  client: PlatformClient,
  courses: Batch,
  progress: (count: number) => void,
): Promise<Sent> {
  const sent = nothingSent()
  const pending = batchesOf(courses)
  for (let batch = pending.shift(); batch; batch = pending.shift()) {
    const answer = await attempt(client, batch)
    if (answer instanceof ClientFailure) {
      sent.unsent.push(...[batch, ...pending].flat().map((item) => ({ item, reason: answer.message })))
      break
    }
    // One course that the platform cannot read makes it reject the whole batch: halving finds it and saves the others.
    const half = Math.ceil(batch.length / 2)
    if (answer.kind === 'rejected' && batch.length > 1) pending.unshift(batch.slice(0, half), batch.slice(half))
    else {
      record(answer, batch, sent)
      progress(batch.length)
    }
  }
  return sent
}

function batchesOf(courses: Batch): Batch[] {
  const count = Math.ceil(courses.length / maxBatchItems)
  return Array.from({ length: count }, (_, at) => courses.slice(at * maxBatchItems, (at + 1) * maxBatchItems))
}

async function attempt(client: PlatformClient, batch: Batch): Promise<BatchAnswer | ClientFailure> {
  try {
    return await client.importCourses(batch.map(importedCourse))
  } catch (error) {
    if (error instanceof ClientFailure) return error
    throw error
  }
}

function record(answer: BatchAnswer, batch: Batch, sent: Sent): void {
  for (const [at, item] of batch.entries()) {
    const result = answer.kind === 'answered' ? answer.results[at] : undefined
    if (answer.kind === 'rejected') sent.refused.push({ item, reason: answer.detail })
    else if (answer.kind === 'failed' || !result) sent.unsent.push({ item, reason: failureText(answer) })
    else if (result.outcome === 'refused') sent.refused.push({ item, reason: refusalText(result) })
    else sent.counts[result.outcome]++
  }
}

const failureText = (answer: BatchAnswer) => (answer.kind === 'answered' ? 'no result' : answer.detail)

const refusalText = ({ code, detail }: ImportResult) =>
  plainText([code, detail].filter(Boolean).join(': ')) || 'the platform refused it'

export function importedCourse({ url, title, language, subject, authors, platform }: PlacedItem): ImportedCourse {
  const { name, slug, path } = subject
  const parent = path.at(-1)
  const provider = authors && platform ? `${authors} (${platform})` : (authors ?? platform)
  return { url, title, language, subject: { slug, name, ...(parent && { parent }) }, ...(provider && { provider }) }
}
