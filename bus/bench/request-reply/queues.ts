/** The queues of the bench; they stay for the next one. */
export const NAMES_PREFIX = 'bench-request-reply'
export const SLOTS = 1
