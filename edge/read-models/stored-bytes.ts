import { createHash } from 'node:crypto'

export interface StoredBytes {
  readonly body: string
  readonly etag: string
}

/** Bytes to send as they are, under a strong ETag of their content: it stays the same over a rebuild. */
export function storedBytes(value: unknown): StoredBytes {
  const body = JSON.stringify(value)
  return { body, etag: `"${fingerprint(body)}"` }
}

export const fingerprint = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
