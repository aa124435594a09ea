// Adds up what the steps of .ci/run left behind: NAME.exit (a status) and, for suites, NAME.json (vitest's report).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = process.argv[2]
const total = { passed: 0, failed: 0 }

for (const file of readdirSync(directory).filter((name) => name.endsWith('.exit'))) {
  const name = file.slice(0, -'.exit'.length)
  const status = Number(readFileSync(join(directory, file), 'utf8'))
  const { numPassedTests = 0, numFailedTests = 0 } = report(join(directory, `${name}.json`))
  // A step can fail without a failed test: a check, a file that does not load, an unhandled error, a time limit.
  const failed = status !== 0 && numFailedTests === 0 ? 1 : numFailedTests
  total.passed += numPassedTests
  total.failed += failed
  console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}`)
}

console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

function report(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}
