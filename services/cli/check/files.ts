import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

const foreign = new Set(['node_modules', 'dist', 'coverage'])

/** Paths of the project's own files from its root, such as `domain/kernel/ids.ts`. */
export function projectFiles(pattern: string): string[] {
  const exclude = (path: string) =>
    path.split('/').some((part) => foreign.has(part) || (part.startsWith('.') && part.length > 1))
  return globSync(pattern, { cwd: projectRoot, exclude }).sort()
}
