import { toBase64url } from '../query/base64url.ts'

/** A strong tag of the bytes. */
export async function contentTag(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return `"${toBase64url(new Uint8Array(digest)).slice(0, 22)}"`
}
