import { expect, test } from 'vitest'
import { routes } from '../routes/routes.ts'
import { catalogDocument } from './document.ts'
import committed from './openapi.json' with { type: 'json' }

test('the committed document is the one that the schemas give: run node edge/catalog/openapi/build.ts', () => {
  expect(committed).toEqual(JSON.parse(JSON.stringify(catalogDocument())))
})

test('routes served are routes documented', () => {
  const documented = Object.keys(catalogDocument().paths).map((path) => `/catalog/v1${path}`)
  expect(documented.sort()).toEqual([...routes.keys()].sort())
})
