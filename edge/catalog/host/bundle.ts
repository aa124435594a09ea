import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Metafile } from 'esbuild'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(root, 'node_modules/.cache/edge')

const CachedBundle = z.object({ bundle: z.string(), inputs: z.record(z.string(), z.string()) })

/** Path of the bundle of a Worker. Made anew only when one of its sources changed: loading esbuild costs more than workerd. */
export async function bundled(entry: URL): Promise<string> {
  const manifest = join(cache, `${sha256(entry.href).slice(0, 16)}.json`)
  const cached = await readFile(manifest, 'utf8').then(
    (text) => CachedBundle.safeParse(JSON.parse(text)).data,
    () => undefined,
  )
  if (cached && (await isCurrent(cached.inputs)) && (await hashOf(cached.bundle))) return join(root, cached.bundle)
  const { code, metafile } = await bundle(entry)
  const path = join('node_modules/.cache/edge', `${sha256(code).slice(0, 16)}.js`)
  const inputs = Object.keys(metafile.inputs).map(async (input) => [input, await hashOf(input)])
  await mkdir(cache, { recursive: true })
  await write(join(root, path), code)
  await write(manifest, JSON.stringify({ bundle: path, inputs: Object.fromEntries(await Promise.all(inputs)) }))
  return join(root, path)
}

/** Path of a configuration beside a bundle. Named by what it says: others run the same bundle with other bindings. */
export async function configured(bundle: string, config: string): Promise<string> {
  const path = `${bundle}.${sha256(config).slice(0, 16)}.capnp`
  await write(path, config)
  return path
}

/** Bundles as wrangler does, and says what went in. */
export async function bundle(entry: URL): Promise<{ code: string; metafile: Metafile }> {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(entry)],
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    minify: true,
    metafile: true,
    write: false,
  })
  return { code: outputFiles.map(({ text }) => text).join(''), metafile }
}

async function isCurrent(inputs: Readonly<Record<string, string>>): Promise<boolean> {
  const checks = Object.entries(inputs).map(async ([input, hash]) => (await hashOf(input)) === hash)
  return (await Promise.all(checks)).every(Boolean)
}

const hashOf = (path: string) => readFile(join(root, path)).then(sha256, () => undefined)

/** Complete or absent: others may be reading the file, or writing the same. */
async function write(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomUUID()}`
  await writeFile(partial, text)
  await rename(partial, path)
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
