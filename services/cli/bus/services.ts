import { ALL_PATTERNS } from '#bus/patterns/directory.ts'

/** The services of the platform; each has its own dead letters. */
export const services: readonly string[] = ALL_PATTERNS.map(({ service }) => service).toSorted()
