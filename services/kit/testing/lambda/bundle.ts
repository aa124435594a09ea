import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** zod carries its messages in fifty languages, of which it is set to one. */
const oneLanguage: Plugin = {
  name: 'one language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: `export { default as en } from './en.js'` })),
}

/** A service's functions as Lambda gets them. */
export interface LambdaBundle {
  /** Path of the module with the entries. */
  readonly path: string
  /** Of what is loaded when a copy starts; clients that are loaded when they are first used are not part of it. */
  readonly bytes: number
  readonly gzippedBytes: number
}

/** Bundles a module and what it imports into a folder, as one file and a file for each part that is imported later. */
export const bundleLambda = async (entry: string, folder: string): Promise<LambdaBundle> => {
  const { metafile } = await build({
    entryPoints: { lambda: entry },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    splitting: true,
    minify: true,
    keepNames: false,
    metafile: true,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    plugins: [oneLanguage],
    // Packages in CommonJS ask for Node's own modules.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    logLevel: 'error',
  })
  const outputs = new Map(Object.entries(metafile.outputs))
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const { path: imported, kind } of outputs.get(path)?.imports ?? [])
      if (kind === 'import-statement' && outputs.has(imported)) load(imported)
  }
  for (const [path, { entryPoint }] of outputs) if (entryPoint !== undefined && path.endsWith('/lambda.mjs')) load(path)
  const texts = await Promise.all([...loaded].map((path) => readFile(join(root, path))))
  return {
    path: join(folder, 'lambda.mjs'),
    bytes: texts.reduce((sum, { length }) => sum + length, 0),
    gzippedBytes: texts.reduce((sum, text) => sum + gzipSync(text).length, 0),
  }
}
