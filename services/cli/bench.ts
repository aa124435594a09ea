// npm run bench [-- P6 P7]: runs the benches of these targets, or all, and prints where each target stands.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Bench, benches } from './bench/registry.ts'
import { type Finding, findingOf, tableOf } from './bench/finding.ts'
import { projectRoot } from './check/files.ts'

const LONGEST_MS = 120_000

/** Runs one bench, its lines passed through; a bench that fails or hangs leaves a finding that says so. */
const run = async ({ ids, program, arguments: values = [] }: Bench): Promise<Finding[]> => {
  console.log(`\n== ${ids.join(' ')}  ${program}`)
  const child = spawn(process.execPath, [join(projectRoot, program), ...values], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that a bench that hangs is ended with all of its sides.
    detached: true,
  })
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL')
  const timer = setTimeout(end, LONGEST_MS)
  const interrupt = () => {
    end()
    process.exit(130)
  }
  process.once('SIGINT', interrupt)
  const findings: Finding[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    findings.push(...[findingOf(line)].filter((finding) => finding !== undefined))
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  clearTimeout(timer)
  process.removeListener('SIGINT', interrupt)
  const ended = child.exitCode ?? child.signalCode
  if (ended === 0) return findings
  const reason = `the bench ended with ${ended}`
  const unmeasured = ids.map(
    (id): Finding => ({ id, what: program, value: reason, target: '', stands: 'not measured' }),
  )
  return [...findings, ...unmeasured]
}

const wanted = process.argv.slice(2).map((id) => id.toUpperCase())
const known = benches.flatMap(({ ids }) => ids)
const unknown = wanted.filter((id) => !known.includes(id))
if (unknown.length > 0) {
  console.error(`There is no bench for ${unknown.join(', ')}. There is: ${known.join(', ')}.`)
  process.exit(1)
}

const findings: Finding[] = []
for (const bench of benches)
  if (wanted.length === 0 || bench.ids.some((id) => wanted.includes(id))) findings.push(...(await run(bench)))
console.log(`\n${tableOf(findings)}`)
process.exitCode = findings.some(({ stands }) => stands === 'not measured') ? 1 : 0
