/** What a bench has found about one target. */
export interface Finding {
  readonly id: string
  readonly what: string
  /** The figure, or why there is none. */
  readonly value: string
  /** Empty where there is no target. */
  readonly target: string
  readonly stands: 'met' | 'MISSED' | 'not measured' | ''
}

const VERDICT = /^(P\d+) {2}(.+): (\S+) \(target (.+)\) (met|MISSED)$/
const FIGURE = /^(P\d+) {2}(.+): ([\d.]+)$/
const UNMEASURED = /^(P\d+) {2}(.+): not measured: (.+)$/

/** Reads a line that a bench has printed; undefined where it is not about a target. */
export const findingOf = (line: string): Finding | undefined => {
  const [, ...verdict] = VERDICT.exec(line) ?? []
  const [id, what, value, target, stands] = verdict
  if (id && what && value && target) return { id, what, value, target, stands: stands === 'met' ? 'met' : 'MISSED' }
  const [, ofUnmeasured, unmeasured, reason] = UNMEASURED.exec(line) ?? []
  if (ofUnmeasured && unmeasured && reason)
    return { id: ofUnmeasured, what: unmeasured, value: reason, target: '', stands: 'not measured' }
  const [, ofFigure, figure, found] = FIGURE.exec(line) ?? []
  return ofFigure && figure && found ? { id: ofFigure, what: figure, value: found, target: '', stands: '' } : undefined
}

const numberOf = ({ id }: Finding): number => Number(id.slice(1))

/** The table at the end of a run, by id. */
export const tableOf = (findings: readonly Finding[]): string => {
  const rows = findings
    .toSorted((a, b) => numberOf(a) - numberOf(b))
    .map(({ id, what, value, target, stands }) => [id, what, value, target, stands])
  const all = [['id', 'figure', 'value', 'target', 'stands'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
