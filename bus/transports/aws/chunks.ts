export interface ChunkLimits {
  readonly count: number
  readonly bytes: number
}

/** Splits into runs within both limits, the order kept. What is too large by itself is a run of its own. */
export const chunksOf = <T>(items: readonly T[], limits: ChunkLimits, bytesOf: (item: T) => number): T[][] => {
  const chunks: T[][] = []
  let open: T[] = []
  let openBytes = 0
  for (const item of items) {
    const bytes = bytesOf(item)
    if (open.length > 0 && (open.length >= limits.count || openBytes + bytes > limits.bytes)) {
      chunks.push(open)
      open = []
      openBytes = 0
    }
    open.push(item)
    openBytes += bytes
  }
  return open.length === 0 ? chunks : [...chunks, open]
}
