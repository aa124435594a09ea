// npm run bundle: makes one program of a service (or of another source) that Node runs without node_modules.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle, type BundledFile, sourceOf } from '#services/deploy/bundle.ts'
import { z } from 'zod'

const USAGE = `npm run bundle -- --service NAME [--entry main|lambda] --out DIR
npm run bundle -- --source FILE --out DIR`

const Arguments = z
  .object({
    service: z
      .string()
      .regex(/^[a-z-]+$/)
      .optional(),
    entry: z.enum(['main', 'lambda']).default('main'),
    source: z.string().optional(),
    out: z.string(),
  })
  .refine(({ service, source }) => (service === undefined) !== (source === undefined))

const { values } = parseArgs({
  options: {
    service: { type: 'string' },
    entry: { type: 'string' },
    source: { type: 'string' },
    out: { type: 'string' },
  },
})
const given = Arguments.safeParse(values)

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`.padStart(9)

const print = (files: readonly BundledFile[]): void => {
  const line = (name: string, some: readonly BundledFile[]) => {
    const sum = (of: (file: BundledFile) => number) => kilobytes(some.reduce((total, file) => total + of(file), 0))
    process.stdout.write(`${name.padEnd(28)}${sum(({ bytes }) => bytes)}${sum(({ gzipBytes }) => gzipBytes)} gzip\n`)
  }
  line(
    'at the start',
    files.filter(({ eager }) => eager),
  )
  line(
    'when it is needed',
    files.filter(({ eager }) => !eager),
  )
}

if (given.success) {
  const { service, entry, source, out } = given.data
  const made = await bundle({
    source: source ?? sourceOf(service ?? '', entry),
    directory: resolve(out),
    minify: entry === 'lambda',
  })
  process.stdout.write(`${made.file}\n`)
  print(made.files)
} else {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 1
}
