// npm run openapi: writes the documents that are committed.
import { writeFile } from 'node:fs/promises'
import { COMMITTED_DOCUMENTS, documentText } from './documents.ts'

for (const document of COMMITTED_DOCUMENTS)
  await writeFile(new URL(`../${document.path}`, import.meta.url), documentText(document))
