import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError } from '#services/kit/config.ts'
import { chooseDataDirectory } from '#services/kit/postgres/data-directory.ts'

async function cloneWithMode(mode: number): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'clone-'))
  await chmod(clone, mode)
  onTestFinished(() => rm(clone, { recursive: true }))
  return clone
}

test('data lives in the clone where everybody can enter it', async () => {
  const wanted = join(await cloneWithMode(0o755), '.data')
  expect(chooseDataDirectory(wanted)).toBe(wanted)
  expect((await stat(wanted)).mode & 0o777).toBe(0o711)
})

test.runIf(process.getuid?.() === 0)(
  'data of root lives under /var/lib where the clone is closed to others',
  async () => {
    const wanted = join(await cloneWithMode(0o700), '.data')
    const chosen = chooseDataDirectory(wanted)
    onTestFinished(() => rm(chosen, { recursive: true }))
    expect(chosen).toMatch(/^\/var\/lib\/clone-\w+-[0-9a-f]{8}$/)
    expect(chooseDataDirectory(wanted)).toBe(chosen)
  },
)

test('a file is refused: root was given a directory under /var/lib in its place', async () => {
  const wanted = join(await cloneWithMode(0o755), 'notes')
  await writeFile(wanted, 'mine')
  expect(() => chooseDataDirectory(wanted)).toThrow(ConfigError)
})
