/** Reply of HMGET; anything unexpected reads as missing. */
export const texts = (reply: unknown): (string | undefined)[] =>
  Array.isArray(reply) ? reply.map((value) => (typeof value === 'string' ? value : undefined)) : []

/** Reply of HGETALL: field, value, field, value. */
export function hash(reply: unknown): Map<string, string> {
  const values = texts(reply)
  const fields = new Map<string, string>()
  for (let index = 0; index < values.length; index += 2) {
    const [field, value] = [values[index], values[index + 1]]
    if (field !== undefined && value !== undefined) fields.set(field, value)
  }
  return fields
}
