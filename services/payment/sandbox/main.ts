import { inspect } from 'node:util'
import { readFlags } from './flags.ts'
import { createSandbox } from './sandbox.ts'

const { port, host, ...settings } = readFlags(process.argv.slice(2))
const sandbox = createSandbox(settings)
const address = await sandbox.listen(port, host)

// Whoever started this process waits for the line, and reads the port from it.
process.stdout.write(`${JSON.stringify({ ready: true, ...address })}\n`)

const stop = (): void => {
  sandbox.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${inspect(error)}\n`)
      process.exit(1)
    },
  )
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
