import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SandboxSettings } from './options.ts'

const Flags = SandboxSettings.extend({
  port: z.coerce.number().int().min(0).max(65_535),
  host: z.string().default('127.0.0.1'),
})
export type Flags = z.infer<typeof Flags>

const flagNames: Record<keyof Flags, string> = {
  port: 'port',
  host: 'host',
  database: 'database',
  apiKey: 'api-key',
  publishableKey: 'publishable-key',
  webhookUrl: 'webhook-url',
  webhookSecret: 'webhook-secret',
  webhookRetryBaseMs: 'webhook-retry-base-ms',
}

const isFlag = (name: PropertyKey | undefined): name is keyof Flags => typeof name === 'string' && name in flagNames

/** Reads `--port 0 --database FILE ...`; a wrong one throws with its name. */
export const readFlags = (argv: string[]): Flags => {
  const options = Object.fromEntries(Object.values(flagNames).map((flag) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({ args: argv, options })
  const given = Object.entries(flagNames).map(([name, flag]) => [name, values[flag]])
  const result = Flags.safeParse(Object.fromEntries(given))
  if (result.success) return result.data
  const lines = result.error.issues.map(
    ({ path: [name], message }) => `--${isFlag(name) ? flagNames[name] : '?'}: ${message}`,
  )
  throw new Error(`Wrong flags of the payment sandbox\n${lines.join('\n')}`)
}
