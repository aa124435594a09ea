import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const program = new URL('../embedded.ts', import.meta.url).pathname

test.each([
  ['DATABASE_URL', 'hunter2', 'must be postgres://'],
  ['REDIS_URL', 'hunter2:6379', 'must be redis://'],
])('a wrong %s stops the start with its name and not with a stack', (name, value, words) => {
  const args = [program, '--data', join(tmpdir(), 'never-made')]
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, [name]: value },
  })
  expect(status).toBe(1)
  expect(stderr).toContain(`  ${name}: ${words}`)
  expect(stderr).not.toContain('hunter2')
  expect(stderr).not.toMatch(/^ +at /m)
})
