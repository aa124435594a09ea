import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFiles, projectRoot } from '../check/files.ts'

export interface Source {
  /** From the root of the project. */
  readonly path: string
  readonly text: string
}

const isTest = (path: string): boolean => path.endsWith('.test.ts')

/** Folders whose code says what the platform does; benches and commands only use it. */
const FOLDERS = '{domain,bus,services}'
const ASIDE = /^services\/(bench|cli|deploy|simulation\/(mutants|world))\/|\/bench\//

const all = (): Source[] =>
  projectFiles(`${FOLDERS}/**/*.ts`)
    .filter((path) => !ASIDE.test(path))
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))

export interface Sources {
  readonly code: readonly Source[]
  readonly tests: readonly Source[]
}

export const readSources = (): Sources => {
  const files = all()
  return {
    code: files.filter(({ path }) => !isTest(path) && !path.includes('/testing/')),
    // That a pattern is listed says nothing of what it does.
    tests: files.filter(({ path }) => isTest(path) && !path.startsWith('bus/patterns/')),
  }
}

export const matching = (sources: readonly Source[], pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
