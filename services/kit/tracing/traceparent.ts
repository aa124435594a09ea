/** W3C Trace Context, level 1: later versions may be longer, and `ff` is none. */
const FIELD = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?=$|-)/
const LENGTH = 55

/**
 * The `traceparent` that goes on from a field as it came: version 00, with the one flag that it defines. Undefined for
 * anything that is not valid. A `tracestate` is not taken over: it would be stored with every message, and may hold
 * anything that a caller likes.
 */
export const readTraceparent = (field: string): string | undefined => {
  if (!FIELD.test(field) || (field.startsWith('00') && field.length !== LENGTH)) return undefined
  const isSampled = (Number.parseInt(field.slice(53, LENGTH), 16) & 1) === 1
  return `00${field.slice(2, 53)}${isSampled ? '01' : '00'}`
}

/** The parts of what `readTraceparent` gave. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)
export const spanIdOf = (traceparent: string): string => traceparent.slice(36, 52)
export const isSampled = (traceparent: string): boolean => traceparent.endsWith('1')
