import { type ParameterProblem, Problem } from '../http/problem.ts'

const MOST_ALTERNATIVES = 20
const LONGEST_VALUE = 200
const CONTROL = /\p{Cc}/u

/** Reads known parameters and collects what is wrong with them; parameters that nobody asks for are never looked at. */
export class Parameters {
  readonly #values: URLSearchParams
  readonly #problems: ParameterProblem[] = []

  constructor(search: string) {
    this.#values = new URLSearchParams(search)
  }

  /** At most once; an empty value counts as absent. */
  text(name: string, longest = LONGEST_VALUE): string | undefined {
    const [value, second] = this.#values.getAll(name)
    if (second !== undefined) return this.#refuse(name, 'May be given once.')
    return value === undefined || value === '' ? undefined : this.#checked(name, value, longest)
  }

  /** Repeated or separated by commas, in any order: alternatives. */
  list(name: string): string[] {
    const values = this.#values.getAll(name).flatMap((value) => value.split(','))
    const alternatives = [...new Set(values.filter((value) => value !== ''))].sort()
    if (alternatives.length > MOST_ALTERNATIVES) this.#refuse(name, `At most ${MOST_ALTERNATIVES} values.`)
    for (const value of alternatives) this.#checked(name, value)
    return alternatives
  }

  integer(name: string, lowest: number, highest: number): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    if (number >= lowest && number <= highest) return number
    return this.#refuse(name, `Must be an integer from ${lowest} to ${highest}.`)
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name)
    return value === undefined ? undefined : this.#known(name, allowed, value)
  }

  someOf<T extends string>(name: string, allowed: readonly T[]): T[] {
    return this.list(name).flatMap((value) => this.#known(name, allowed, value) ?? [])
  }

  matching(name: string, pattern: RegExp, meaning: string): string | undefined {
    const value = this.text(name)
    return value === undefined || pattern.test(value) ? value : this.#refuse(name, `Must be ${meaning}.`)
  }

  /** Throws 400 when anything read so far was wrong. */
  finish(): void {
    if (this.#problems.length === 0) return
    throw new Problem(400, 'INVALID_INPUT', 'A query parameter is invalid.', { errors: this.#problems })
  }

  #known<T extends string>(name: string, allowed: readonly T[], value: string): T | undefined {
    return allowed.find((each) => each === value) ?? this.#refuse(name, `Must be one of ${allowed.join(', ')}.`)
  }

  #checked(name: string, value: string, longest = LONGEST_VALUE): string | undefined {
    if (value.length > longest) return this.#refuse(name, `At most ${longest} characters.`)
    return CONTROL.test(value) ? this.#refuse(name, 'Control characters are not allowed.') : value
  }

  #refuse(parameter: string, detail: string): undefined {
    this.#problems.push({ parameter, detail })
  }
}
