import type { Origin } from '../unit-of-work/unit-of-work.ts'
import type { SagaInstance } from './instance.ts'

/** Keeps with an instance which span started it, and which one armed each of its timers; nothing where none was traced. */
export const tracedIn = (
  next: SagaInstance,
  before: SagaInstance | undefined,
  { traceparent }: Pick<Origin, 'traceparent'>,
): SagaInstance => {
  const { armedIn: _, ...instance } = next
  const armedIn: Record<string, string> = {}
  for (const [name, at] of Object.entries(next.timers)) {
    const armer = before?.timers[name] === at ? before.armedIn?.[name] : traceparent
    if (armer !== undefined) armedIn[name] = armer
  }
  return {
    ...instance,
    ...(!before && traceparent !== undefined && { traceparent }),
    ...(Object.keys(armedIn).length > 0 && { armedIn }),
  }
}
