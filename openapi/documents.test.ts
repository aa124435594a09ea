import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COMMITTED_DOCUMENTS, documentText } from './documents.ts'

describe('the committed document', () => {
  test.each(COMMITTED_DOCUMENTS)('$path is what its routes generate (npm run openapi)', (document) => {
    expect(readFileSync(new URL(`../${document.path}`, import.meta.url), 'utf8')).toBe(documentText(document))
  })
})
