import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { z } from 'zod'
import { platformDirectory, projectDirectory } from '../platform.ts'
import { APP_NAME, type Compute, type Settings } from '../settings.ts'

const RecordedResource = z.object({
  /** Pulumi's, such as `aws:sqs/queue:Queue`. */
  type: z.string(),
  name: z.string(),
  inputs: z.record(z.string(), z.unknown()),
})
/** One resource that a deployment asks for. */
export type RecordedResource = z.infer<typeof RecordedResource>

export type Graph = readonly RecordedResource[]

const STAGE = 'production'

/** The same as sst does before it runs a configuration: one bundle, with the providers and `$app` as globals. */
const bundle = async (outfile: string): Promise<void> => {
  const contents = `
    import * as aws from '@pulumi/aws'
    import * as cloudflare from '@pulumi/cloudflare'
    import * as upstash from '@upstash/pulumi'
    import * as sst from '${platformDirectory}/src/components/index.ts'
    import { run } from '${platformDirectory}/src/auto/run.ts'
    import { record } from '${projectDirectory}/services/deploy/testing/program.ts'
    Object.assign(globalThis, { aws, cloudflare, upstash, sst })
    await record(run)`
  const paths = {
    home: tmpdir(),
    root: projectDirectory,
    work: join(projectDirectory, '.sst'),
    platform: platformDirectory,
  }
  const define = {
    $app: { name: APP_NAME, stage: STAGE, removal: 'retain', providers: {}, protect: true },
    $cli: { command: 'deploy', rpc: '', paths, state: { version: {} } },
    $dev: false,
  }
  await build({
    stdin: { contents, resolveDir: platformDirectory, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outfile,
    packages: 'external',
    inject: [join(platformDirectory, 'src/shim/run.js')],
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    logLevel: 'error',
  })
}

/** Each way to keep passwords is seen with one way to run. */
export const PASSWORDS: Readonly<Record<Compute, Settings['passwords']>> = {
  containers: 'database',
  functions: 'cognito',
}

/** Everything that a deployment consists of, as the providers were asked for it. */
export const graphOf = async (compute: Compute): Promise<Graph> => {
  // Beside the platform's packages, which the bundle imports.
  const outfile = join(platformDirectory, `.graph-${process.pid}-${compute}.mjs`)
  const directory = mkdtempSync(join(tmpdir(), 'deploy-graph-'))
  const output = join(directory, 'graph.json')
  try {
    await bundle(outfile)
    await promisify(execFile)(process.execPath, [outfile, compute, PASSWORDS[compute], output], {
      cwd: projectDirectory,
    })
    return z.array(RecordedResource).parse(JSON.parse(readFileSync(output, 'utf8')))
  } finally {
    rmSync(directory, { recursive: true })
    rmSync(outfile, { force: true })
  }
}
