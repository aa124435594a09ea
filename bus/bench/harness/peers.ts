import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const manifest = new URL('../peers/package.json', import.meta.url)
const folder = new URL('../../../.cache/bench-peers/', import.meta.url)
const finished = new URL('installed', folder)

/** A package of `peers/package.json`; for the sides that are written against it. */
export const peer: (name: string) => unknown = createRequire(new URL('package.json', folder))

/** Installs the peers at the versions of their manifest. Returns the reason when they cannot be had. */
export const installPeers = async (): Promise<string | undefined> => {
  const wanted = await readFile(manifest, 'utf8')
  if ((await readFile(finished, 'utf8').catch(() => '')) === wanted) return undefined
  console.log('Installing the peers of the benches into .cache/bench-peers ...')
  await mkdir(folder, { recursive: true })
  await copyFile(manifest, new URL('package.json', folder))
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: fileURLToPath(folder),
      timeout: 120_000,
    })
  } catch (error) {
    return `npm could not install the peers: ${error instanceof Error ? error.message : error}`.split('\n')[0]
  }
  await writeFile(finished, wanted)
  return undefined
}
