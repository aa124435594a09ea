import { z } from 'zod'

/** What a sandbox is made with; `main.ts` reads the same from its flags. */
export const SandboxSettings = z.strictObject({
  /** SQLite file, or `:memory:`. */
  database: z.string().min(1),
  /** Secret key of the merchant (`sk_...`). */
  apiKey: z.string().regex(/^sk_\w+$/, 'must look like sk_...'),
  /** Key of payers (`pk_...`), who also need the client secret of their intent. */
  publishableKey: z
    .string()
    .regex(/^pk_\w+$/, 'must look like pk_...')
    .default('pk_test_sandbox'),
  /** Where events go; without it none are sent, and they can only be read. */
  webhookUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs webhooks; never empty. */
  webhookSecret: z.string().regex(/^whsec_\S+$/, 'must look like whsec_...'),
  webhookRetryBaseMs: z.coerce.number().int().min(1).max(60_000).default(500),
})
export type SandboxSettings = z.infer<typeof SandboxSettings>

export interface SandboxOptions extends z.input<typeof SandboxSettings> {
  /** Milliseconds since 1970; the system clock unless a test moves time. */
  now?: () => number
  /** Told of errors that are the sandbox's own fault. */
  reportError?: (error: unknown) => void
}
