import type { z } from 'zod'
import type { ObjectIndex } from '../object-store.ts'
import type { Scope } from '../scope.ts'
import { noSuch } from '../stripe/errors.ts'
import type { ListParameters } from '../stripe/parameters.ts'

interface Listing<T> extends ObjectIndex {
  schema: z.ZodType<T>
  object: string
  url: string
}

const cursorPosition = (scope: Scope, object: string, id: string | undefined, param: string): number | undefined => {
  if (id === undefined) return undefined
  const position = scope.objects.position(object, id)
  if (position === undefined) throw noSuch(object, id, param, 400)
  return position
}

const oneAbove = (seconds: number | undefined): number => (seconds === undefined ? 0 : seconds + 1)
const oneBelow = (seconds: number | undefined): number =>
  seconds === undefined ? Number.MAX_SAFE_INTEGER : seconds - 1

/** One page of Stripe's lists: newest first, continued after or before an id. */
export const pageOf = <T>(
  scope: Scope,
  { schema, url, ...index }: Listing<T>,
  { created, limit, starting_after, ending_before }: ListParameters,
) => {
  const endingBefore = cursorPosition(scope, index.object, ending_before, 'ending_before')
  const found = scope.objects.list(schema, {
    ...index,
    limit: limit + 1,
    createdFrom: Math.max(created?.gte ?? 0, oneAbove(created?.gt)),
    createdTo: Math.min(created?.lte ?? Number.MAX_SAFE_INTEGER, oneBelow(created?.lt)),
    startingAfter: cursorPosition(scope, index.object, starting_after, 'starting_after'),
    endingBefore,
  })
  const data = endingBefore === undefined ? found.slice(0, limit) : found.slice(-limit)
  return { object: 'list' as const, data, has_more: found.length > limit, url }
}
