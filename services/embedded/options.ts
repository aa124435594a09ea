import { parseArgs } from 'node:util'
import { z } from 'zod'
import { ConfigError } from '#services/kit/config.ts'

/** What `npm start -- --help` prints. */
export const USAGE = `npm start -- [options]

  --port N     the API's port; the catalog takes N + 1, the payment sandbox N + 2 (default 3000)
  --host NAME  the address to listen on (default 127.0.0.1: this machine only)
  --data DIR   where the data live (default .data)
  --fresh      forget all data of that directory first
  --help       this text

DATABASE_URL and REDIS_URL switch from the embedded PostgreSQL and Redis to servers.`

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_533)

export interface StartOptions {
  readonly port: number
  readonly host: string
  readonly data: string
  readonly fresh: boolean
  readonly help: boolean
}

/** Reads the command line. Throws `ConfigError` with the usage for what it does not know. */
export const readOptions = (args: readonly string[]): StartOptions => {
  const { values } = parse(args)
  const port = Port.safeParse(values.port)
  if (!port.success) throw new ConfigError(`--port takes a number from 1 to 65533, not "${values.port}".\n\n${USAGE}`)
  return { port: port.data, host: values.host, data: values.data, fresh: values.fresh, help: values.help }
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '3000' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string', default: '.data' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}
