import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { findProcess } from './running-process.ts'

test('a running process has a name and a beginning that stays', async () => {
  const first = await findProcess(process.pid)
  expect(first?.program).not.toBe('')
  expect(first?.startedAt).toMatch(/\d/)
  expect(await findProcess(process.pid)).toEqual(first)
})

test('a process that has ended is not running, whether or not its parent has noticed', async () => {
  // The shell's child ends at once, and the sleep that the shell becomes never asks for its exit code.
  const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: parent.stdout })
  const [pid] = await once(lines, 'line')
  await expect.poll(() => findProcess(Number(pid)), { timeout: 10_000 }).toBeUndefined()
  parent.kill()
  await once(parent, 'exit')
  expect(parent.pid && (await findProcess(parent.pid))).toBeUndefined()
})
