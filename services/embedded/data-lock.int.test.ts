import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError } from '#services/kit/config.ts'
import { lockData } from './data-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-lock-'))
})
afterEach(() => rm(directory, { recursive: true }))

const lockFile = () => join(directory, 'platform.lock')

describe('a data directory', () => {
  test('is taken by one of many who start at once, and free again when that one lets go', async () => {
    for (let round = 0; round < 20; round++) {
      const starts = await Promise.allSettled(Array.from({ length: 8 }, () => lockData(directory, false)))
      const taken = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
      const refused = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []))
      expect(taken).toHaveLength(1)
      for (const reason of refused) {
        expect(reason).toBeInstanceOf(ConfigError)
        expect(reason).toHaveProperty('message', expect.stringContaining(`process ${process.pid}`))
      }
      for (const lock of taken) await lock.release()
    }
  })

  test.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
    ['of another process that has the same id now', JSON.stringify({ pid: process.pid, startedAt: '1' })],
    ['that a power cut left empty', ''],
    ['that is damaged', '{"pid":'],
  ])('is not kept by a lock %s', async (_what, text) => {
    await writeFile(lockFile(), text)
    const lock = await lockData(directory, false)
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid })
    await lock.release()
  })
})
