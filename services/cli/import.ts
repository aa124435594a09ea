// npm run import -- courses <file...>, or quiz <file>: an HTTP client of a running platform.
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { readArguments } from './import/arguments.ts'
import { helpText, usage } from './import/help.ts'
import { importCourses } from './import/import-courses.ts'
import { importQuiz } from './import/import-quiz.ts'
import { processTerminal } from './client/terminal.ts'

async function run(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  const read = readArguments(argv)
  if (read.kind === 'courses')
    return await importCourses(read.options, {
      terminal,
      runId: randomUUID(),
      wait: setTimeout,
      now: () => performance.now(),
    })
  if (read.kind === 'quiz') return await importQuiz(read.options, { terminal, wait: setTimeout })
  if (read.kind === 'help') terminal.out(helpText())
  else terminal.error(`${read.message}\n${usage}\nMore: npm run import -- --help`)
  return read.kind === 'help' ? 0 : 2
}

process.exitCode = await run(process.argv.slice(2))
