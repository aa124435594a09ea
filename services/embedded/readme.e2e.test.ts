import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assertPortFree } from '#services/kit/hosts/listener.ts'
import { eventually } from './testing/poll.ts'
import { patternOf, tourOf } from './testing/readme.ts'

const root = join(import.meta.dirname, '..', '..')
const steps = tourOf(await readFile(join(root, 'README.md'), 'utf8'), 'A first tour')
const hasCurl = spawnSync('curl', ['--version']).status === 0

const isFree = (port: number): Promise<boolean> =>
  assertPortFree(port, '127.0.0.1').then(
    () => true,
    () => false,
  )

/** A port with its next two free as well, under those that the system hands out by itself. */
const freePorts = (): Promise<number> =>
  eventually('three ports in a row', async () => {
    const port = randomInt(15_000, 30_000)
    const free = await Promise.all([port, port + 1, port + 2].map(isFree))
    return free.every(Boolean) && port
  })

describe.runIf(hasCurl)('the tour of the README', () => {
  let directory: string
  let port: number
  let platform: ChildProcess

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'readme-'))
    // PostgreSQL's unprivileged user has to get in.
    await chmod(directory, 0o755)
    port = await freePorts()
    const { DATABASE_URL: _, REDIS_URL: __, ...environment } = process.env
    const main = join(root, 'services', 'embedded.ts')
    const started = spawn(process.execPath, [main, '--port', String(port), '--data', join(directory, 'data')], {
      cwd: root,
      env: { ...environment, LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    platform = started
    for await (const line of createInterface({ input: started.stdout })) {
      if (line === 'The platform is ready.') return
    }
    throw new Error('The platform did not start.')
  })
  afterAll(async () => {
    platform.kill('SIGTERM')
    if (platform.exitCode === null) await once(platform, 'exit')
    await rm(directory, { recursive: true, force: true })
  })

  /** The commands as a person would paste them, one block after the other into one shell. */
  const paste = async (blocks: readonly string[]): Promise<string[]> => {
    const separator = '=== next ==='
    const script = blocks
      .join(`\necho '${separator}'\n`)
      .replaceAll(/127\.0\.0\.1:(300[012])/g, (_, written) => `127.0.0.1:${port + Number(written) - 3000}`)
      .replaceAll('$PWD/.data', join(directory, 'data'))
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
