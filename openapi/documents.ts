import { catalogDocument } from '#edge/catalog/openapi/document.ts'
import { documentOf } from '#services/kit/http/document/service-document.ts'
import { learning } from '#services/learning/service.ts'
import { payment } from '#services/payment/service.ts'
import { user } from '#services/user/service.ts'

/** One committed document. */
export interface CommittedDocument {
  /** From the root of the project. */
  readonly path: string
  generate(): object
}

const ofService = (name: string, generate: () => object): CommittedDocument => ({
  path: `openapi/documents/${name}.json`,
  generate,
})

/** The contract of the platform: every document that is committed, and where. */
export const COMMITTED_DOCUMENTS: readonly CommittedDocument[] = [
  ofService('user', () => documentOf(user)),
  ofService('learning', () => documentOf(learning)),
  ofService('payment', () => documentOf(payment)),
  // The Worker bundles its own.
  { path: 'edge/catalog/openapi/openapi.json', generate: catalogDocument },
]

/** The text of a document as it is committed. */
export const documentText = ({ generate }: CommittedDocument): string => `${JSON.stringify(generate(), undefined, 2)}\n`
