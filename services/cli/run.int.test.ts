import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from './check/files.ts'

function run(...args: string[]) {
  const door = join(projectRoot, 'services', 'cli', 'run.mjs')
  return spawnSync(process.execPath, [door, ...args], { cwd: projectRoot, encoding: 'utf8' })
}

describe('the door to the npm scripts', () => {
  test('passes flags on to a tool, and its output back', () => {
    expect(run('tsc', '--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Version \d/) })
  })

  test('ends with the exit code of its target', () => {
    expect(run('tsc', '--no-such-flag').status).toBe(1)
  })

  test.each([
    ['a target that does not exist', ['services/missing.ts'], 'There is no services/missing.ts to run.\n'],
    ['no target', [], 'Usage: node services/cli/run.mjs <file.ts | tool> [arguments]\n'],
  ])('says in one line what is wrong: %s', (_, args, message) => {
    expect(run(...args)).toMatchObject({ status: 1, stdout: '', stderr: message })
  })
})
