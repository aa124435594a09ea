/** How many shards an outbox has; a key always falls into the same one. */
export const SHARDS = 16

/** The shard of a key: FNV-1a over its UTF-16 units (Fowler, Noll, Vo), modulo the number of shards. */
export const shardOf = (key: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % SHARDS
}
