import { randomUUID } from 'node:crypto'

/** A key that no other test uses, so that tests can share a server. */
export const uniqueKey = (): string => `test:${randomUUID()}`
