import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { boundaryRules } from './boundary-rules.ts'
import { projectFiles, projectRoot } from './files.ts'
import { importsOf } from './imports.ts'

/** One line per import of the file that crosses a boundary. */
export function boundaryViolations(path: string, source: string): string[] {
  const rules = boundaryRules.filter((rule) => rule.binds(path))
  return importsOf(path, source).flatMap((imported) =>
    rules
      .filter((rule) => !rule.allows(imported, path))
      .map(({ rule }) => `${path}:${imported.line} imports ${imported.target}: ${rule}`),
  )
}

if (import.meta.main) {
  const violations = projectFiles('**/*.ts').flatMap((path) =>
    boundaryViolations(path, readFileSync(join(projectRoot, path), 'utf8')),
  )
  for (const violation of violations) console.log(violation)
  process.exitCode = violations.length > 0 ? 1 : 0
}
