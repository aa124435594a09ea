import type { Call } from '../http/call.ts'
import { Document, sendDocument } from '../http/document.ts'
import { contentTag } from '../http/etag.ts'
import { HIT } from '../isolate/freshness.ts'
import type { Isolate } from '../isolate/isolate.ts'
import openapi from '../openapi/openapi.json' with { type: 'json' }

/** Built from the schemas beforehand and part of the bundle: the contract can be read while Redis cannot. */
export async function getOpenapi(call: Call, _isolate: Isolate): Promise<Response> {
  const body = JSON.stringify(openapi)
  return sendDocument(call, new Document(body, await contentTag(body)), HIT)
}
