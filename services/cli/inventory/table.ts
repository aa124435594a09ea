import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../check/files.ts'
import type { Kind, Row } from './rows.ts'
import { SCOPES } from './scope.ts'

/** From the root of the project. */
export const TABLE = 'services/COVERAGE.md'

const TITLES: Readonly<Record<Kind, string>> = {
  operation: 'Operations',
  command: 'Commands',
  query: 'Queries',
  event: 'Events',
  message: 'Messages',
}

const linked = (path: string): string => {
  const target = path.startsWith('services/') ? path.slice('services/'.length) : `../${path}`
  return `[${path}](${target})`
}

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const rowsOf = (rows: readonly Row[], service: string, kind: Kind): string[] => {
  const listed = rows.filter((row) => row.service === service && row.kind === kind)
  return [
    `### ${TITLES[kind]} of ${service}`,
    '',
    line('What', 'Implemented by', 'Held by'),
    line('---', '---', '---'),
    ...listed.map(({ name, implementedBy, coveredBy }) =>
      line(`\`${name}\``, implementedBy.map(linked).join('<br>'), coveredBy.map(linked).join('<br>')),
    ),
    '',
  ]
}

/** What is wrong with the rows or with the scope; nothing in the best case. */
export const faultsOf = (rows: readonly Row[]): string[] => {
  const unwritten = rows.flatMap(({ kind, name, implementedBy, coveredBy }) => [
    ...(implementedBy.length === 0 ? [`The ${kind} ${name} is implemented in no file.`] : []),
    ...(coveredBy.length === 0 ? [`The ${kind} ${name} is held by no test.`] : []),
    ...coveredBy.filter((path) => !existsSync(join(projectRoot, path))).map((path) => `${path} is no file.`),
  ])
  const names = new Set(rows.map(({ name }) => name))
  const unknown = SCOPES.flatMap(({ section, here }) =>
    Object.entries(here)
      .filter(([, target]) => !names.has(target) && !existsSync(join(projectRoot, target)))
      .map(([name, target]) => `${section}: ${name} is said to be ${target}, which there is not.`),
  )
  return [...unwritten, ...unknown]
}

const scopeOf = ({ section, here, missing }: (typeof SCOPES)[number]): string[] => [
  `### ${section}`,
  '',
  line('In the design', 'Here'),
  line('---', '---'),
  ...Object.entries(here)
    .filter(([name, target]) => name !== target)
    .map(([name, target]) =>
      line(name, target.includes('/') && target.endsWith('.ts') ? linked(target) : `\`${target}\``),
    ),
  '',
  ...(Object.keys(missing).length === 0
    ? []
    : ['Not built:', '', ...Object.entries(missing).map(([name, why]) => `- ${name}: ${why}`), '']),
]

export const tableOf = (rows: readonly Row[]): string => {
  const services = [...new Set(rows.map(({ service }) => service))]
  return [
    '# What is there, where it is written, and what holds it',
    '',
    'Written by `npm run coverage` from the definitions of the services; `npm run check` fails where it is not up to date,',
    'where something is held by no test, or where the design names what is neither here nor said to be missing.',
    '',
    '## By the words of the design',
    '',
    'What has the same name in both is left out.',
    '',
    ...SCOPES.flatMap(scopeOf),
    ...services.flatMap((service) => [
      `## ${service}`,
      '',
      ...(['operation', 'command', 'query', 'event', 'message'] as const).flatMap((kind) =>
        rowsOf(rows, service, kind),
      ),
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}
