import { cp, readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Metafile, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface BundleOptions {
  /** From the root of the project, e.g. `services/learning/main.ts`. */
  readonly source: string
  /** Where the files go. */
  readonly directory: string
  /** Short names and no line breaks, where the size counts at every start. */
  readonly minify?: boolean
}

export interface BundledFile {
  readonly name: string
  readonly bytes: number
  readonly gzipBytes: number
  /** The program loads it when it starts; the others when it comes to need them. */
  readonly eager: boolean
}

export interface Bundle {
  /** The program. */
  readonly file: string
  /** The program and its chunks; source maps lie beside them. */
  readonly files: readonly BundledFile[]
}

/** The program of a service: `main` is a process of its own, `lambda` what Lambda calls. */
export const sourceOf = (service: string, entry: 'main' | 'lambda'): string => `services/${service}/${entry}.ts`

/**
 * A source finds the files beside it at its own path under the bundle's folder, and none knows of the machine that made
 * it. A file that it names in so many words, as `new URL('./name', import.meta.url)`, is copied there.
 */
const ownPlaces = (directory: string): Plugin => ({
  name: 'own places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const placeOf = (target: string) => `new URL(${JSON.stringify(`./${relative(root, target)}`)}, import.meta.url)`
      const places: Record<string, string> = {
        url: `${placeOf(path)}.href`,
        dirname: `decodeURIComponent(${placeOf(dirname(path))}.pathname)`,
      }
      const source = await readFile(path, 'utf8')
      for (const [, name = ''] of source.matchAll(/new URL\('(\.\/[^']+)', import\.meta\.url\)/g)) {
        const file = join(dirname(path), name)
        await cp(file, join(resolve(root, directory), relative(root, file)), { recursive: true })
      }
      const contents = source.replaceAll(/\bimport\.meta\.(url|dirname)\b/g, (_, name: string) => places[name] ?? '')
      return { contents, loader: 'ts' }
    }),
})

/** zod carries its messages in fifty languages, 50 kB compressed, and speaks the one it is set to. */
const oneLanguage: Plugin = {
  name: 'one language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    })),
}

const eagerFiles = (outputs: Metafile['outputs'], entry: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(entry)) return found
  found.add(entry)
  for (const { path, kind } of outputs[entry]?.imports ?? [])
    if (kind === 'import-statement' && path in outputs) eagerFiles(outputs, path, found)
  return found
}

/**
 * Bundles a program into ESM that a plain Node 24 runs with nothing beside it but its chunks: what is imported lazily,
 * such as the clients of AWS, is loaded when it is needed. Throws when an import is not installed here.
 *
 * @example
 * const { file } = await bundle({ source: sourceOf('learning', 'main'), directory: 'dist/learning' })
 */
export const bundle = async ({ source, directory, minify = false }: BundleOptions): Promise<Bundle> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    outdir: directory,
    // No package.json beside it has to say that this is ESM. Chunks lie with the program, so that places hold in both.
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // The ESM of packages that have both: what is not used is left out.
    mainFields: ['module', 'main'],
    minify,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [ownPlaces(directory), oneLanguage],
    // CommonJS among the packages requires Node's own modules.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    metafile: true,
    logLevel: 'error',
  })
  const { outputs } = metafile
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === source)
  if (entry === undefined) throw new Error(`${source} was not bundled.`)
  const eager = eagerFiles(outputs, entry)
  const files = Object.keys(outputs)
    .filter((path) => path.endsWith('.mjs'))
    .map(async (path): Promise<BundledFile> => {
      const code = await readFile(join(root, path))
      return {
        name: basename(path),
        bytes: code.length,
        gzipBytes: gzipSync(code).length,
        eager: eager.has(path),
      }
    })
  return { file: join(root, entry), files: await Promise.all(files) }
}
