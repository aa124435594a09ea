import { z } from 'zod'

/** Cost of one Argon2id hash: `memory` in KiB, passes over it, lanes. */
export interface Argon2Cost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

export interface PasswordHash extends Argon2Cost {
  readonly salt: Buffer
  readonly tag: Buffer
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/** The PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`. */
export const formatPasswordHash = ({ memory, passes, parallelism, salt, tag }: PasswordHash): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`

const form =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<parallelism>\d+)\$(?<salt>[\w+/]+)\$(?<tag>[\w+/]+)$/

const bytes = (min: number) =>
  z
    .string()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((decoded) => decoded.length >= min)

// The bounds keep a damaged row from taking all memory or all time.
const Parts = z.object({
  memory: z.coerce.number().int().min(8).max(1_048_576),
  passes: z.coerce.number().int().min(1).max(100),
  parallelism: z.coerce.number().int().min(1).max(16),
  salt: bytes(8),
  tag: bytes(16),
})

/** Throws when the stored text is no Argon2id hash; the text is not repeated in the error. */
export const parsePasswordHash = (text: string): PasswordHash => {
  const parts = Parts.safeParse(form.exec(text)?.groups)
  if (!parts.success) throw new Error('A stored password hash is not in the PHC form of Argon2id.')
  return parts.data
}
