/** One block of shell commands, and what the text says comes out of them. */
export interface TourStep {
  readonly commands: string
  /** A line `…` stands for any lines, `…` in a line for anything. */
  readonly expected: string
}

const FENCED = /```(sh|text)\n([\s\S]*?)```/g

/** The steps of one section of a Markdown text: each `sh` block that a `text` block follows, in order. */
export const tourOf = (markdown: string, heading: string): TourStep[] => {
  const [, section = ''] = markdown.split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  const blocks = [...own.matchAll(FENCED)].map(([, kind, text = '']) => ({ kind, text }))
  return blocks.flatMap(({ kind, text }, at) => {
    if (kind !== 'sh') return []
    const next = blocks[at + 1]
    if (next?.kind !== 'text') throw new Error(`Nothing says what comes out of:\n${text}`)
    return [{ commands: text, expected: next.text }]
  })
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** The expected text as a pattern for what came out. */
export const patternOf = (expected: string): RegExp => {
  const lines = expected.trimEnd().split('\n')
  const patterns = lines.map((line) =>
    line === '…' ? String.raw`(?:.*\n)*.*` : line.split('…').map(escaped).join('.*'),
  )
  return new RegExp(`^${patterns.join(String.raw`\n`)}$`)
}
