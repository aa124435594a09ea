import type { HonoRequest } from 'hono'
import { REFUSALS, Refusal, unknownField } from './refusals.ts'
import { requireStorable } from './storable-text.ts'

const MAX_JSON_DEPTH = 32

const tooLarge = (maxBytes: number): Refusal =>
  new Refusal(REFUSALS.bodyTooLarge, { detail: `The body may have ${maxBytes} bytes at most.` })

/** Cancelling cuts the connection, and with it the caller's next request; up to this much is read and thrown away. */
const MAX_DISCARDED_BYTES = 16 * 1_048_576

const discardRest = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  let bytes = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength
    if (bytes > MAX_DISCARDED_BYTES) return reader.cancel()
  }
}

/** Reads chunk by chunk, so that a body without Content-Length cannot fill the memory. */
const readBounded = async (stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> => {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength
    if (bytes > maxBytes) {
      // Not awaited: the answer does not wait for the rest to be thrown away.
      discardRest(reader).catch(() => undefined)
      throw tooLarge(maxBytes)
    }
    text += decoder.decode(next.value, { stream: true })
  }
  return text + decoder.decode()
}

/** The body as text. Throws 413 over `maxBytes`, whether or not its length was announced. */
export const readText = async (request: HonoRequest, maxBytes: number): Promise<string> => {
  const announced = Number(request.header('content-length'))
  if (announced > maxBytes) throw tooLarge(maxBytes)
  // The server ends a body at its announced length; only an unannounced one has to be counted.
  if (announced >= 0) return request.text()
  const { body } = request.raw
  return body === null ? '' : readBounded(body, maxBytes)
}

/** The media type alone: `application/json` of `Application/JSON; charset=utf-8`. */
const mediaTypeOf = (contentType: string): string => {
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

export const requireMediaType = (request: HonoRequest, expected: string): void => {
  const contentType = request.header('content-type') ?? ''
  if (contentType === expected || mediaTypeOf(contentType) === expected) return
  throw new Refusal(REFUSALS.unsupportedMediaType, {
    detail: `Send the body as ${expected}.`,
    headers: { accept: expected },
  })
}

const pointerTo = (trail: readonly (string | number)[]): string =>
  trail.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/**
 * Refuses what no schema should have to meet: deep nesting, keys that would reach a prototype, texts that cannot be
 * stored.
 */
const inspect = (value: unknown, trail: (string | number)[]): void => {
  if (typeof value === 'string') return requireStorable(value, () => ({ pointer: pointerTo(trail) }))
  if (typeof value !== 'object' || value === null) return
  if (trail.length >= MAX_JSON_DEPTH) throw new Refusal(REFUSALS.jsonTooDeep)
  for (const [key, field] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    trail.push(key)
    if (key === '__proto__') throw unknownField(pointerTo(trail))
    inspect(field, trail)
    trail.pop()
  }
}

/** JSON text as a value. Throws 400 `MALFORMED_JSON`, `JSON_TOO_DEEP`, or `INVALID_INPUT` for what `inspect` refuses. */
export const parseJson = (text: string): unknown => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(REFUSALS.malformedJson)
  }
  inspect(value, [])
  return value
}
