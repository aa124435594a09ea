import { type JsonSchema, resolveRef, type SchemaSide } from '../json-schema.ts'
import type { SchemaObject } from './types.ts'

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/**
 * Collects the schemas of a document: what operations share under `$defs` becomes a component, once. A name that stands
 * for two shapes (a parsed object is closed, a sent one may be open) gets a second component with the suffix `Input`.
 */
export class SchemaComponents {
  readonly #components = new Map<string, string>()

  get all(): [string, SchemaObject][] {
    return [...this.#components].map(([name, text]) => [name, JSON.parse(text)])
  }

  /** The schema with its references pointing at components. @param owner names what has no name: an operationId */
  add(root: JsonSchema, side: SchemaSide, owner: string): SchemaObject {
    const names = this.#namesOf(root, side, owner)
    const rewrite = (schema: JsonSchema): string => rewriteRefs(schema, names)
    for (const [id, schema] of Object.entries(root.$defs ?? {})) {
      this.#components.set(names.get(`#/$defs/${id}`) ?? id, rewrite(schema))
    }
    const text = rewrite(root)
    const self = names.get('#')
    if (self === undefined) return JSON.parse(text)
    this.#components.set(self, text)
    return { $ref: `#/components/schemas/${self}` }
  }

  #namesOf(root: JsonSchema, side: SchemaSide, owner: string): Map<string, string> {
    const ids = Object.keys(root.$defs ?? {})
    const plain = new Map(
      ids.map((id) => [`#/$defs/${id}`, id.startsWith('__') ? `${capitalised(owner)}${id.slice(2)}` : id]),
    )
    if (JSON.stringify(root).includes('"$ref":"#"')) plain.set('#', `${capitalised(owner)}${capitalised(side)}`)
    const taken = ids.filter((id) => {
      const present = this.#components.get(id)
      return present !== undefined && present !== rewriteRefs(resolveRef({ $ref: `#/$defs/${id}` }, root), plain)
    })
    for (const id of taken) plain.set(`#/$defs/${id}`, `${id}${capitalised(side)}`)
    return plain
  }
}

const rewriteRefs = (
  { $schema: _dialect, $defs: _shared, ...schema }: JsonSchema,
  names: Map<string, string>,
): string =>
  JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? `#/components/schemas/${names.get(value) ?? value}` : value,
  )
