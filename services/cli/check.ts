import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { installPlatform } from '#services/deploy/platform.ts'
import { projectRoot } from './check/files.ts'

/** Every static check: a tool of node_modules/.bin, or a file of services/cli/check. All of them run, at once. */
const checks: Record<string, readonly [program: string, ...args: string[]]> = {
  lint: ['oxlint'],
  types: ['tsc', '--noEmit'],
  // Apart from the rest: the types of SST bring other globals.
  deployment: ['tsc', '--noEmit', '-p', join('services', 'deploy')],
  unused: ['knip', '--no-progress', '--no-config-hints'],
  format: ['biome', 'format'],
  documents: ['redocly', 'lint', '--config', join('openapi', 'redocly.yaml')],
  boundaries: ['boundaries.ts'],
  links: ['links.ts'],
  coverage: ['coverage.ts'],
}

interface Outcome {
  readonly passed: boolean
  readonly output: string
}

function run([program, ...args]: readonly [string, ...string[]]): Promise<Outcome> {
  const folder = program.endsWith('.ts') ? ['services', 'cli', 'check'] : ['node_modules', '.bin']
  const target = join(projectRoot, ...folder, program)
  const options = { cwd: projectRoot, maxBuffer: 2 ** 26 }
  return new Promise((resolve) => {
    execFile(process.execPath, [target, ...args], options, (error, stdout, stderr) =>
      resolve({ passed: error === null, output: `${stdout}${stderr}`.trim() }),
    )
  })
}

async function runAndReport(name: string, command: readonly [string, ...string[]]): Promise<boolean> {
  const start = performance.now()
  const { passed, output } = await run(command)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds} s${passed ? '' : `\n${output}\n`}`)
  return passed
}

installPlatform()
const waiting = Object.entries(checks)
const results: boolean[] = []
async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await runAndReport(...next))
}
await Promise.all(Array.from({ length: availableParallelism() }, work))
process.exitCode = results.every(Boolean) ? 0 : 1
