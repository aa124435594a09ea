import { dirname, join } from 'node:path/posix'

/** One import of a file: of another file of the project, or of a package (`node:` modules included). */
export interface Import {
  /** `services/kit/config.ts` for a file; `drizzle-orm/pg-core` for a package. */
  readonly target: string
  readonly isFile: boolean
  readonly line: number
}

// The formatter writes every import on lines of its own, so that comments and strings do not match by accident.
const statement =
  /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?['"]([^'"\n]+)['"]|^\s*\}\s*from\s+['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm

export function importsOf(path: string, source: string): Import[] {
  return [...source.matchAll(statement)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    const line = source.slice(0, match.index + match[0].length).split('\n').length
    return { ...resolve(path, specifier), line }
  })
}

function resolve(path: string, specifier: string): Pick<Import, 'target' | 'isFile'> {
  if (specifier.startsWith('#')) return { target: specifier.slice(1), isFile: true }
  if (specifier.startsWith('.')) return { target: join(dirname(path), specifier), isFile: true }
  return { target: specifier, isFile: false }
}
