// npm run bus -- dlq ls|show|redrive|drop: an HTTP client of a running platform.
import { setTimeout } from 'node:timers/promises'
import { readArguments } from './bus/arguments.ts'
import { helpText, usage } from './bus/help.ts'
import { runDeadLetters } from './bus/run-dead-letters.ts'
import { processTerminal } from './client/terminal.ts'

async function run(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  const read = readArguments(argv)
  if (read.kind === 'dlq') return await runDeadLetters(read.options, { terminal, wait: setTimeout })
  if (read.kind === 'help') terminal.out(helpText)
  else terminal.error(`${read.message}\n${usage}\nMore: npm run bus -- --help`)
  return read.kind === 'help' ? 0 : 2
}

process.exitCode = await run(process.argv.slice(2))
