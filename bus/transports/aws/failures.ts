import type { Delivered } from '../transport.ts'

/** What a call said when it failed, its name first: throttling, a fault of the service, a timeout. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)

export const failed = (reason: string): Delivered => ({ accepted: false, reason })

/** Sending it again changes nothing as long as nobody changes something. */
export const refused = (reason: string): Delivered => ({ accepted: false, reason, refused: true })
