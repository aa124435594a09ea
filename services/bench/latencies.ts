/** Percentiles of some times, for a side's figures. */
export const percentiles = (milliseconds: readonly number[]): Record<'p50 ms' | 'p99 ms', number> => {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { 'p50 ms': at(0.5), 'p99 ms': at(0.99) }
}
