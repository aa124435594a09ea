import { courseUrlKey } from '#domain/learning/course-url.ts'
import type { CourseItem } from './parse-course-list.ts'

export type PlacedItem = CourseItem & { file: string }
export type Repeat = { item: PlacedItem; first: PlacedItem }

/** Keeps the first item of each URL, in the order given, and says which later ones repeat it. */
export function separateRepeats(items: readonly PlacedItem[]): { courses: PlacedItem[]; repeats: Repeat[] } {
  const firsts = new Map<string, PlacedItem>()
  const repeats: Repeat[] = []
  for (const item of items) {
    const key = courseUrlKey(item.url)
    const first = firsts.get(key)
    if (first) repeats.push({ item, first })
    else firsts.set(key, item)
  }
  return { courses: [...firsts.values()], repeats }
}
