/** A change of one course makes every isolate fetch one chunk: 1/64 of the catalog. */
export const CHUNKS = 64

/** FNV-1a: spreads ids that share a long time prefix. */
export function chunkOf(courseId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < courseId.length; index++) {
    hash = Math.imul(hash ^ courseId.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % CHUNKS
}
