import type { Ids } from '#domain/kernel/ids.ts'
import { uuidv7 } from 'uuidv7'

/** New ids for the running platform: prefixed UUIDv7, each greater than the one before it in this process. */
export const systemIds: Ids = { next: (prefix) => `${prefix}_${uuidv7()}` }
