import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundle } from './host/bundle.ts'

const OWN_GZ = 15_000
const ALL_GZ = 45_000

test('the Worker is at most 45 KB compressed, our part of it 15 KB, without a schema library', async () => {
  const { code, metafile } = await bundle(new URL('worker.ts', import.meta.url))
  const libraries = await bundle(new URL('testing/libraries-alone.ts', import.meta.url))
  const all = gzipSync(code).length
  expect(all).toBeLessThanOrEqual(ALL_GZ)
  expect(all - gzipSync(libraries.code).length).toBeLessThanOrEqual(OWN_GZ)
  expect(Object.keys(metafile.inputs).filter((input) => /zod|node:/.test(input))).toEqual([])
})
