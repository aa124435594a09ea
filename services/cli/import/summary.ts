import type { Gathered } from './gather-courses.ts'
import type { PlacedItem } from './repeated-courses.ts'
import type { RefusedCourse, Sent } from './send-courses.ts'

export type ImportReport = { gathered: Gathered; sent: Sent; seconds: number }

/** What a person reads at the end: every line that could not be used, then the numbers. */
export function summaryLines({ gathered, sent, seconds }: ImportReport): string[] {
  const { courses, repeats, refused, problems } = gathered
  const { created, updated, unchanged } = sent.counts
  const found = courses.length + repeats.length
  return [
    ...section(
      'Not read:',
      problems.map(({ file, problem }) => `${file}: ${problem}`),
    ),
    ...section('Not used:', [
      ...refused.map(({ file, line, reason, text }) => `${file}:${line}: ${reason}: ${text}`),
      ...sent.refused.map(({ item, reason }) => `${place(item)}: refused by the platform: ${reason}: ${item.url}`),
    ]),
    ...section(
      'Repeated, counted where they stand first:',
      repeats.map(({ item, first }) => `${place(item)}: as in ${place(first)}: ${item.url}`),
    ),
    ...section('Not sent:', unsentLines(sent.unsent)),
    `Read ${gathered.lineCount} lines: ${found} courses, ${repeats.length} of them repeated; ${refused.length} not used.`,
    `Loaded ${created + updated + unchanged} of ${courses.length} courses: ${created} created, ${updated} updated, ${unchanged} unchanged; ` +
      `${sent.refused.length} refused, ${sent.unsent.length} not sent; ${seconds.toFixed(1)} s.`,
  ]
}

// One cause keeps thousands of courses from being sent: a line for each cause says as much.
function unsentLines(unsent: readonly RefusedCourse[]): string[] {
  const causes = Map.groupBy(unsent, ({ reason }) => reason)
  return [...causes].map(([reason, courses]) => {
    const [first, last] = [courses.at(0), courses.at(-1)].map((course) => (course ? place(course.item) : ''))
    return `${courses.length} courses, ${first} to ${last}: ${reason}`
  })
}

const place = ({ file, line }: PlacedItem) => `${file}:${line}`

const section = (title: string, lines: readonly string[]) =>
  lines.length > 0 ? [title, ...lines.map((line) => `  ${line}`), ''] : []
