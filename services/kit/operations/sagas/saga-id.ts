import { z } from 'zod'

/** `CourseEnrollment:enr_...`: type and business key. */
export const SagaId = z
  .string()
  .max(200)
  .regex(/^\w+:[\w:.-]+$/)
  .meta({ examples: ['CourseEnrollment:enr_019aad2c-6a00-7c3f-8e4b-2f6d1a9c5e07'] })

/** The input of every operation on one saga. */
export const SagaNamed = z.strictObject({ sagaId: SagaId })

/** What an accepted operation answers. */
export const SagaAccepted = z.object({ sagaId: SagaId })

/** Split at the first colon: a key may hold more of them. */
export const partsOf = (sagaId: string): { readonly type: string; readonly key: string } => {
  const colon = sagaId.indexOf(':')
  return { type: sagaId.slice(0, colon), key: sagaId.slice(colon + 1) }
}

export const locationIn =
  (path: string) =>
  ({ sagaId }: { readonly sagaId: string }): string =>
    `${path}/${encodeURIComponent(sagaId)}`
