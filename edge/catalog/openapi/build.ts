// node edge/catalog/openapi/build.ts: writes the document that the Worker serves.
import { writeFile } from 'node:fs/promises'
import { catalogDocument } from './document.ts'

await writeFile(new URL('openapi.json', import.meta.url), `${JSON.stringify(catalogDocument(), undefined, 2)}\n`)
