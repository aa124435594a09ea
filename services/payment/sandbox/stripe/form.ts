import { invalidParameter } from './errors.ts'

export type FormValue = string | Form
/** Parsed `a[b][c]=d` pairs. A list is a form whose keys are its indexes. */
export interface Form {
  [name: string]: FormValue
}

const maximumDepth = 5

// Without a prototype, so that a parameter called `__proto__` is a name like any other.
const emptyForm = (): Form => Object.create(null)

const pathOf = (name: string): string[] => {
  const path = name
    .split('[')
    .map((segment, index) => (index > 0 && segment.endsWith(']') ? segment.slice(0, -1) : segment))
  if (path.length > maximumDepth || path.some((segment) => /[[\]]/.test(segment))) {
    throw invalidParameter(name.slice(0, 100), 'Invalid request parameters.')
  }
  return path
}

const assign = (form: Form, path: string[], value: string): void => {
  const [segment = '', ...rest] = path
  const key = segment || String(Object.keys(form).length)
  if (rest.length === 0) {
    form[key] = value
    return
  }
  const existing = form[key]
  const child = typeof existing === 'object' ? existing : emptyForm()
  form[key] = child
  assign(child, rest, value)
}

/** Reads a body or query of Stripe's encoding: `metadata[order]=1&expand[]=latest_charge`. */
export const parseForm = (encoded: string): Form => {
  const form = emptyForm()
  for (const [name, value] of new URLSearchParams(encoded)) assign(form, pathOf(name), value)
  return form
}
