import type { Import } from './imports.ts'

export interface BoundaryRule {
  readonly rule: string
  /** The files that it binds. */
  binds(path: string): boolean
  allows(imported: Import, path: string): boolean
}

const under = (folder: string) => (path: string) => path.startsWith(`${folder}/`)
/** Tests, what only they use, and benches. */
const isTest = (path: string) => path.endsWith('.test.ts') || /\/(testing|bench)\//.test(path)
const isEndToEnd = (path: string) => path.endsWith('.e2e.test.ts')

/** What has folders of its own beside the services, and may use all of them. */
const compositionRoots = new Set(['graphql', 'deploy', 'cli', 'embedded', 'simulation', 'bench'])

/** The service that a file belongs to; the kit, composition roots and files directly in services/ have none. */
function serviceOf(path: string): string | undefined {
  const [, name] = path.match(/^services\/([^/]+)\//) ?? []
  return name && name !== 'kit' && !compositionRoots.has(name) ? name : undefined
}

/** Contexts that live inside a service of another name. */
const moreContexts: Record<string, readonly string[]> = { learning: ['review'], communication: ['notification'] }

function contextsOf(service: string): string[] {
  return ['kernel', service, ...(moreContexts[service] ?? [])].map((context) => `domain/${context}/`)
}

/** Rules between folders: files of `binds` may import the files under `folders` and no others; tests may use the kit. */
function filesOnly(rule: string, binds: BoundaryRule['binds'], folders: (path: string) => string[]): BoundaryRule {
  return {
    rule,
    binds: (path) => binds(path) && !isEndToEnd(path),
    allows: ({ isFile, target }, path) =>
      !isFile ||
      [...folders(path), ...(isTest(path) ? ['services/kit/'] : [])].some((folder) => target.startsWith(folder)),
  }
}

/** Rules about a package: only files of `holders` may import it. */
function packageOnly(rule: string, packages: RegExp, holders: BoundaryRule['binds']): BoundaryRule {
  return {
    rule,
    binds: (path) => !holders(path),
    allows: ({ isFile, target }) => isFile || !packages.test(target),
  }
}

const isServiceTable = (path: string) =>
  path.includes('/infrastructure/postgres/') || under('services/kit/postgres')(path)
const isBusTable = (path: string) =>
  under('bus')(path) && /\/(postgres[^/]*(\/.*)?|tables)\.ts$|\/postgres\//.test(path)

export const boundaryRules: readonly BoundaryRule[] = [
  {
    rule: 'domain imports zod and itself only',
    binds: (path) => under('domain')(path) && !isTest(path),
    allows: ({ isFile, target }) => (isFile ? under('domain')(target) : target === 'zod'),
  },
  filesOnly('domain imports itself only', under('domain'), () => ['domain/']),
  filesOnly('bus imports domain and itself only', under('bus'), () => ['domain/', 'bus/']),
  filesOnly('edge imports domain and itself only', under('edge'), () => ['domain/', 'edge/']),
  {
    rule: 'the kit imports no service',
    binds: under('services/kit'),
    allows: ({ isFile, target }) => !isFile || serviceOf(target) === undefined,
  },
  filesOnly(
    'a service imports its own contexts, the bus, the kit and read models, never another service',
    (path) => serviceOf(path) !== undefined,
    (path) => {
      const service = serviceOf(path) ?? ''
      return [...contextsOf(service), `services/${service}/`, 'services/kit/', 'bus/', 'edge/read-models/']
    },
  ),
  packageOnly(
    'Inversify appears in services/kit/compose.ts and module.ts files only',
    /^(inversify|@inversifyjs\/.*|reflect-metadata)$/,
    (path) => path === 'services/kit/compose.ts' || /^services\/.*\/module\.ts$/.test(path),
  ),
  packageOnly(
    'the AWS messaging clients appear in bus/transports/aws only',
    /^@aws-sdk\/client-(eventbridge|sqs|sns|scheduler)$/,
    under('bus/transports/aws'),
  ),
  packageOnly('OpenTelemetry appears in services/kit/tracing only', /^@opentelemetry\//, under('services/kit/tracing')),
  packageOnly(
    'drizzle appears in infrastructure/postgres, services/kit/postgres and the tables of the bus only',
    /^drizzle-/,
    (path) => isServiceTable(path) || isBusTable(path) || isTest(path),
  ),
]
