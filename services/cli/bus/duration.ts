const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** `14 d`, `90 s`: in the largest unit of which there are two or more, or exactly one and nothing left. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  for (const [unit, length] of units)
    if (seconds >= 2 * length || seconds === length) return `${Math.floor(seconds / length)} ${unit}`
  return '0 s'
}
