import { DocumentSchemas, pointer } from './document-schemas.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

interface Example {
  /** Of the schema that it has to fit. */
  readonly schema: readonly string[]
  readonly value: unknown
}

/** The examples beside a schema: one, or several by name. */
const besideSchema = (node: Fields, place: readonly string[]): Example[] => {
  const named = isFields(node['examples']) ? Object.values(node['examples']).filter(isFields) : []
  const values = [...('example' in node ? [node['example']] : []), ...named.map(({ value }) => value)]
  return values.map((value) => ({ schema: [...place, 'schema'], value }))
}

const examplesIn = (node: unknown, place: readonly string[] = []): Example[] => {
  if (!isFields(node)) return []
  const beside = isFields(node['schema']) && !Array.isArray(node) ? besideSchema(node, place) : []
  const own = Array.isArray(node['examples']) ? node['examples'].map((value) => ({ schema: place, value })) : []
  const inside = Object.entries(node).flatMap(([name, child]) =>
    name === 'example' || name === 'examples' ? [] : examplesIn(child, [...place, name]),
  )
  return [...beside, ...own, ...inside]
}

/** How many examples a document has, and which of them do not fit their schemas. */
export const checkExamples = (document: object): { readonly count: number; readonly wrong: readonly string[] } => {
  const schemas = new DocumentSchemas([document])
  const examples = examplesIn(document)
  const wrong = examples.flatMap(({ schema, value }) => {
    const place = pointer(...schema)
    const problem = schemas.check(`document:0#${place}`, value)
    return problem ? [`${decodeURIComponent(place)}: ${problem}`] : []
  })
  return { count: examples.length, wrong }
}
