import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment } from '#services/kit/config.ts'

export const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))
/** The types and components of SST and its providers, which `sst install` writes and git ignores. */
export const platformDirectory = join(projectDirectory, '.sst', 'platform')

const stamp = join(platformDirectory, '.installed')

/** Changes with sst and with the providers that sst.config.ts names. */
const fingerprint = (): string => {
  const hash = createHash('sha256')
  for (const file of ['sst.config.ts', 'node_modules/sst/package.json'])
    hash.update(readFileSync(join(projectDirectory, file)))
  return hash.digest('hex')
}

/** Whether the platform is there, in the version that the configuration asks for. */
export const isPlatformInstalled = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()

/** Installs the platform from the npm registry when it is not there, which takes a minute or two. */
export const installPlatform = (): void => {
  if (isPlatformInstalled()) return
  process.stderr.write('Installing what sst.config.ts is checked against (sst install, once) ...\n')
  const sst = join(projectDirectory, 'node_modules', '.bin', 'sst')
  const { status, stdout, stderr } = spawnSync(process.execPath, [sst, 'install', '--stage', 'check'], {
    cwd: projectDirectory,
    encoding: 'utf8',
    env: { ...environment, SST_NO_BUN: '1', SST_SKIP_DEPENDENCY_CHECK: '1', SST_TELEMETRY_DISABLED: '1' },
  })
  if (status !== 0) throw new Error(`sst install failed:\n${stdout}${stderr}`)
  writeFileSync(stamp, fingerprint())
}
