import { spawn, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patternOf, tourOf } from './testing/readme.ts'
import {
  makeDataDirectory,
  removeDataDirectory,
  spawnPlatform,
  type StartedPlatform,
} from './testing/started-platform.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'

const root = join(import.meta.dirname, '..', '..')
const steps = tourOf(await readFile(join(root, 'README.md'), 'utf8'), 'A first tour')
const hasCurl = spawnSync('curl', ['--version']).status === 0

describe.runIf(hasCurl)('the tour of the README', () => {
  let directory: string
  let port: number
  let platform: StartedPlatform

  beforeAll(async () => {
    directory = await makeDataDirectory()
    port = await freePorts(3)
    platform = spawnPlatform(directory, port)
    await platform.ready
  })
  afterAll(async () => {
    platform.signal('SIGTERM')
    await platform.exited
    await removeDataDirectory(directory)
  })

  /** The commands as a person would paste them, one block after the other into one shell. */
  const paste = async (blocks: readonly string[]): Promise<string[]> => {
    const separator = '=== next ==='
    const script = blocks
      .join(`\necho '${separator}'\n`)
      .replaceAll(/127\.0\.0\.1:(300[012])/g, (_, written) => `127.0.0.1:${port + Number(written) - 3000}`)
      .replaceAll('$PWD/.data', directory)
    const shell = spawn('sh', ['-eu'], { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 })
    shell.stdin.end(script)
    return (await text(shell.stdout)).split(`${separator}\n`)
  }

  test('goes as it says', { timeout: 90_000 }, async () => {
    const outputs = await paste(steps.map(({ commands }) => commands))
    for (const [at, { commands, expected }] of steps.entries())
      expect(outputs[at]?.trimEnd(), commands).toMatch(patternOf(expected))
    expect(outputs).toHaveLength(steps.length)
  })
})
