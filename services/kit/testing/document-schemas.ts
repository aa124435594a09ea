import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  // Their schemas say that they are integers.
  int32: true,
  int64: true,
  email: /^[^@\s]+@[^@\s]+$/,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  'uri-reference': /^\S*$/,
  password: /^[^]*$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
} as const

/** The JSON Pointer of a place in a document, as the fragment of a reference. */
export const pointer = (...segments: string[]): string =>
  segments.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')

/** The schemas inside documents; each is compiled when it is first met. */
export class DocumentSchemas {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS, validateSchema: false })
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(documents: readonly object[]) {
    documents.forEach((document, index) => this.#ajv.addSchema({ ...document }, `document:${index}`))
  }

  /**
   * What is wrong with a value; empty when it fits.
   * @param reference `document:0#/paths/...`, by the index of the document
   */
  check(reference: string, value: unknown): string {
    const validate = this.#compiled.get(reference) ?? this.#ajv.compile({ $ref: reference })
    this.#compiled.set(reference, validate)
    return validate(value) ? '' : this.#ajv.errorsText(validate.errors)
  }
}
