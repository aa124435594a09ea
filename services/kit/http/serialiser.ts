import { branchesOf, type JsonSchema, resolveRef } from './json-schema.ts'

/** Turns a handler's output into the bytes of an answer; what the schema does not name is left out. */
export type Serialise = (output: unknown) => string

type Project = (value: unknown) => unknown

const asIs: Project = (value) => value

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** One projection per schema node, made on first use so that a recursive schema ends. */
class Compiler {
  readonly #root: JsonSchema
  readonly #made = new Map<JsonSchema, Project>()

  constructor(root: JsonSchema) {
    this.#root = root
  }

  project(schema: JsonSchema): Project {
    const target = resolveRef(schema, this.#root)
    const made = this.#made.get(target)
    if (made) return made
    let compiled: Project | undefined
    this.#made.set(target, (value) => (compiled ?? asIs)(value))
    compiled = this.#compile(target)
    this.#made.set(target, compiled)
    return compiled
  }

  #compile(schema: JsonSchema): Project {
    if (schema.allOf) return this.#all(schema.allOf)
    const branches = branchesOf(schema)
    if (branches.length > 0) return this.#union(branches)
    if (schema.type === 'array') return this.#array(schema)
    return schema.properties || typeof schema.additionalProperties === 'object' ? this.#object(schema) : asIs
  }

  #object(schema: JsonSchema): Project {
    const fields = Object.entries(schema.properties ?? {}).map(([name, field]): [string, Project] => [
      name,
      typeof field === 'object' ? this.project(field) : asIs,
    ])
    const rest = this.#rest(schema)
    return (value) => {
      if (!isRecord(value)) return value
      const picked: Record<string, unknown> = {}
      for (const [name, project] of fields) {
        const field = value[name]
        if (field !== undefined) picked[name] = project === asIs ? field : project(field)
      }
      if (rest)
        for (const name of Object.keys(value)) if (!Object.hasOwn(picked, name)) picked[name] = rest(value[name])
      return picked
    }
  }

  /** What a record or a loose object does with names outside its properties. */
  #rest({ additionalProperties }: JsonSchema): Project | undefined {
    if (additionalProperties === true) return asIs
    return typeof additionalProperties === 'object' ? this.project(additionalProperties) : undefined
  }

  #array({ items, prefixItems }: JsonSchema): Project {
    const item = typeof items === 'object' && !Array.isArray(items) ? this.project(items) : asIs
    const first = (prefixItems ?? []).map((schema) => (typeof schema === 'object' ? this.project(schema) : asIs))
    if (item === asIs && first.every((project) => project === asIs)) return asIs
    return (value) => (Array.isArray(value) ? value.map((one, index) => (first[index] ?? item)(one)) : value)
  }

  #union(branches: readonly JsonSchema[]): Project {
    const variants = branches.map((branch) => ({ project: this.project(branch), admits: this.#admits(branch) }))
    if (variants.every(({ project }) => project === asIs)) return asIs
    return (value) => {
      const variant = variants.find(({ admits }) => admits(value))
      if (!variant) throw new TypeError('An output matches no branch of its union.')
      return variant.project(value)
    }
  }

  #all(parts: readonly JsonSchema[]): Project {
    const projects = parts.map((part) => this.project(part))
    return (value) => (isRecord(value) ? Object.assign({}, ...projects.map((project) => project(value))) : value)
  }

  /** Tells a union's branches apart: by type, and objects by their constants and required fields. */
  #admits(branch: JsonSchema): (value: unknown) => boolean {
    const schema = resolveRef(branch, this.#root)
    const inner = branchesOf(schema)
    if (inner.length > 0) {
      const tests = inner.map((one) => this.#admits(one))
      return schema.allOf ? (value) => tests.every((test) => test(value)) : (value) => tests.some((test) => test(value))
    }
    const { type, required = [], properties = {} } = schema
    if (schema.const !== undefined) return (value) => value === schema.const
    const types = type === undefined ? undefined : [type].flat().map((name) => (name === 'integer' ? 'number' : name))
    const constants = Object.entries(properties).flatMap(([name, field]) =>
      typeof field === 'object' && field.const !== undefined ? [{ name, constant: field.const }] : [],
    )
    return (value) => {
      if (types && !types.some((name) => name === typeOf(value))) return false
      if (!isRecord(value)) return true
      return (
        constants.every(({ name, constant }) => value[name] === constant) &&
        required.every((name) => value[name] !== undefined)
      )
    }
  }
}

/**
 * Compiles a serialiser from the JSON Schema of an output: projections for every node are made once, and a call picks
 * the named fields and stringifies. (`fast-json-stringify` gains 4 us on a list of 20 and costs 39 ms and 69 KB gz at
 * the start of a Lambda, with a second path for unions.)
 */
export const compileSerialiser = (schema: JsonSchema): Serialise => {
  const project = new Compiler(schema).project(schema)
  return (output) => JSON.stringify(project(output))
}
