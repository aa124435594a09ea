import { randomUUID } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'

/** Written and on the disk before it gets its name, so that no reader ever sees half of it. */
async function writeBeside(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

/** Makes a file that only its owner can read; false, and nothing changed, when the path is taken. */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const temporary = await writeBeside(path, text)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Makes or replaces a file that only its owner can read. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const temporary = await writeBeside(path, text)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
