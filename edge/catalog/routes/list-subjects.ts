import type { Call } from '../http/call.ts'
import type { Isolate } from '../isolate/isolate.ts'
import { subjectTree } from '../search/subject-tree.ts'
import { fromIndex } from './from-index.ts'

export function listSubjects(call: Call, isolate: Isolate): Response | Promise<Response> {
  return fromIndex(call, isolate, 'subjects', (snapshot) => ({ data: { items: subjectTree(snapshot) } }))
}
