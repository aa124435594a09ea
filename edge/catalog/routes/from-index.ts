import type { Call } from '../http/call.ts'
import { contentTag } from '../http/etag.ts'
import { unavailable } from '../http/problem.ts'
import { Document, sendDocument } from '../http/document.ts'
import { cacheStatus, type Served } from '../isolate/freshness.ts'
import type { Isolate } from '../isolate/isolate.ts'
import type { Snapshot } from '../search/snapshot.ts'

/** What a route makes of the index. */
export interface Computed {
  readonly data: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Compute = (snapshot: Snapshot, now: number) => Computed | Promise<Computed>

/** Answers from the index, under a key that says the same for all ways to write the same request. */
export function fromIndex(call: Call, isolate: Isolate, key: string, compute: Compute): Response | Promise<Response> {
  const served = isolate.index.fresh()
  const known = served && isolate.answers.fresh(key, served.value)
  if (known) return sendDocument(call, known, cacheStatus(served))
  return computed(call, isolate, key, compute, served)
}

async function computed(
  call: Call,
  isolate: Isolate,
  key: string,
  compute: Compute,
  fresh: Served<Snapshot> | undefined,
): Promise<Response> {
  const served = fresh ?? (await isolate.index.read(isolate.reader(call.env)))
  if (!served) throw unavailable()
  const known = isolate.answers.fresh(key, served.value)
  if (known) return sendDocument(call, known, cacheStatus(served))
  const { data, headers } = await compute(served.value, Date.now())
  const body = JSON.stringify(data)
  const answer = new Document(body, await contentTag(body), headers)
  isolate.answers.store(key, served.value, answer)
  return sendDocument(call, answer, cacheStatus(served))
}
