import type { Operation } from '../operation.ts'

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** `courseRuns` for the tag `Course runs`. */
export const sdkGroupOf = (tag: string): string =>
  lowerFirst(
    tag
      .split(/[^A-Za-z0-9]+/)
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
  )

const singular = (noun: string): string => (noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.replace(/s$/, ''))

/** `listByTutor` for `listCoursesByTutor` in the group `courses`: the operation without the group's noun. */
export const sdkMethodOf = ({ route, operationId }: Operation): string => {
  if (route.sdkMethod) return route.sdkMethod
  const group = sdkGroupOf(route.tag)
  const plural = group.charAt(0).toUpperCase() + group.slice(1)
  for (const noun of [plural, singular(plural)]) {
    const start = operationId.indexOf(noun)
    const next = operationId.charAt(start + noun.length)
    // `Course` inside `CourseRun` is another noun's beginning only when a lower-case letter follows.
    if (start > 0 && !/[a-z]/.test(next)) return operationId.slice(0, start) + operationId.slice(start + noun.length)
  }
  return operationId
}

/** Throws where two operations would have one name. */
export const refuseTwins = (operations: readonly Operation[]): void => {
  const seen = new Map<string, string>()
  for (const operation of operations) {
    const { operationId, route } = operation
    for (const name of [operationId, `${sdkGroupOf(route.tag)}.${sdkMethodOf(operation)}`]) {
      const other = seen.get(name)
      if (other !== undefined) {
        const help = 'help: give operationId or sdkMethod in route().'
        throw new Error(`${other} and ${route.method} ${route.path} are both named "${name}". ${help}`)
      }
      seen.set(name, `${route.method} ${route.path}`)
    }
  }
}
