import { z } from 'zod'

/** What the load is asked to do. */
export const Order = z.object({
  port: z.int(),
  /** Asked for in turn. */
  paths: z.array(z.string()),
  token: z.string(),
  requests: z.int(),
  connections: z.int(),
})
export type Order = z.infer<typeof Order>

/** Answers other than 200. */
export const Done = z.object({ failed: z.int() })
export type Done = z.infer<typeof Done>
