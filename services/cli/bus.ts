// npm run bus -- topology | provision | doctor | dlq ...: an HTTP client of a running platform, and of its queues.
import { setTimeout } from 'node:timers/promises'
import { ConfigError } from '#services/kit/config.ts'
import { readArguments } from './bus/arguments.ts'
import { helpText, usage } from './bus/help.ts'
import { runBus } from './bus/run-bus.ts'
import { processTerminal } from './client/terminal.ts'

async function run(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  const read = readArguments(argv)
  if (read.kind === 'help') terminal.out(helpText)
  else if (read.kind === 'wrong') terminal.error(`${read.message}\n${usage}\nMore: npm run bus -- --help`)
  else return await runBus(read, { terminal, wait: setTimeout })
  return read.kind === 'help' ? 0 : 2
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
