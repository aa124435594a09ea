import { expect, test } from 'vitest'
import { routes } from '../routes/routes.ts'
import { catalogDocument } from './document.ts'

test('routes served are routes documented', () => {
  const documented = Object.keys(catalogDocument().paths).map((path) => `/catalog/v1${path}`)
  expect(documented.sort()).toEqual([...routes.keys()].sort())
})
