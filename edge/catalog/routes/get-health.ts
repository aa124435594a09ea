import type { Call } from '../http/call.ts'
import { Document, sendDocument } from '../http/document.ts'
import { unavailable } from '../http/problem.ts'
import { cacheStatus } from '../isolate/freshness.ts'
import type { Isolate } from '../isolate/isolate.ts'

/** Healthy as long as lists can be served, if only from a stale copy; `cache` says which. */
export async function getHealth(call: Call, isolate: Isolate): Promise<Response> {
  const served = isolate.index.fresh() ?? (await isolate.index.read(isolate.reader(call.env)))
  if (!served) throw unavailable()
  const cache = served.source === 'stale' ? 'stale' : 'fresh'
  const courses = served.value.courses.length
  const body = JSON.stringify({ status: 'ok', cache, courses })
  const headers = { 'Cache-Control': 'no-store' }
  return sendDocument(call, new Document(body, `"${cache}-${courses}"`, headers), cacheStatus(served))
}
