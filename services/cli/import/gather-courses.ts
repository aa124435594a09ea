import { languageOfFile } from './list-language.ts'
import { parseCourseList, type Refusal } from './parse-course-list.ts'
import { readListFile } from './read-list-file.ts'
import { type PlacedItem, type Repeat, separateRepeats } from './repeated-courses.ts'

export type FileProblem = { file: string; problem: string }
export type Gathered = {
  lineCount: number
  courses: PlacedItem[]
  repeats: Repeat[]
  refused: (Refusal & { file: string })[]
  problems: FileProblem[]
}

/** Reads all files, one after the other; a file that cannot be read takes nothing from the others. */
export async function gatherCourses(files: readonly string[], language?: string): Promise<Gathered> {
  const items: PlacedItem[] = []
  const gathered: Omit<Gathered, 'courses' | 'repeats'> = { lineCount: 0, refused: [], problems: [] }
  for (const file of files) {
    const list = await readList(file, language)
    if ('problem' in list) {
      gathered.problems.push({ file, problem: list.problem })
      continue
    }
    gathered.lineCount += list.lineCount
    items.push(...list.items.map((item) => ({ ...item, file })))
    gathered.refused.push(...list.refused.map((refusal) => ({ ...refusal, file })))
    if (list.items.length + list.refused.length === 0)
      gathered.problems.push({ file, problem: 'holds no list of courses' })
  }
  return { ...gathered, ...separateRepeats(items) }
}

async function readList(file: string, chosenLanguage?: string) {
  const read = await readListFile(file)
  if ('problem' in read) return read
  const language = chosenLanguage ?? languageOfFile(file)
  return language
    ? parseCourseList(read.text, { language })
    : { problem: 'does not name its language (free-courses-fr.md would be French): give --language' }
}
