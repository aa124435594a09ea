import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ConfigError } from '#services/kit/config.ts'

/** What `npm run stack -- --help` prints. */
export const USAGE = `npm run stack -- [options]

  --port N               the API's port (default 3000); the catalog takes N + 1, the payment sandbox N + 2,
                         Redis N + 3, the emulator N + 4, the services those from N + 10 on
  --data DIR             where the data live (default .stack)
  --fresh                forget all data of that directory first
  --instances NAME=N     how many processes of a service run (default 1), e.g. learning=3; may be repeated
  --help                 this text

DATABASE_URL, REDIS_URL and AWS_ENDPOINT_URL switch to servers that run already.`

export const SERVICES = ['user', 'learning', 'payment'] as const
export type ServiceName = (typeof SERVICES)[number]

export interface StackFlags {
  readonly port: number
  readonly data: string
  readonly fresh: boolean
  readonly help: boolean
  readonly instances: Readonly<Record<ServiceName, number>>
}

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_000)
const Count = z.templateLiteral([z.enum(SERVICES), '=', z.string().regex(/^[1-9]$/)])

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3000' },
        data: { type: 'string', default: '.stack' },
        fresh: { type: 'boolean', default: false },
        instances: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

const countsOf = (texts: readonly string[]): StackFlags['instances'] => {
  const counts = { user: 1, learning: 1, payment: 1 }
  for (const text of texts) {
    const count = Count.safeParse(text)
    if (!count.success)
      throw new ConfigError(`--instances takes ${SERVICES.join(', ')} and a number to 9, not "${text}".\n\n${USAGE}`)
    const [name, number] = text.split('=')
    counts[z.enum(SERVICES).parse(name)] = Number(number)
  }
  return counts
}

/** Reads the command line. Throws `ConfigError` with the usage for what it does not know. */
export const readStackFlags = (args: readonly string[]): StackFlags => {
  const { port: text, data, fresh, help, instances } = parse(args)
  const port = Port.safeParse(text)
  if (!port.success) throw new ConfigError(`--port takes a number from 1 to 65000, not "${text}".\n\n${USAGE}`)
  return { port: port.data, data, fresh, help, instances: countsOf(instances) }
}
