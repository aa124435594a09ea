/** The name of a dependency, typed by what it stands for; services bind it in their `module.ts`. */
export interface Token<out T> {
  readonly name: string
  readonly id: symbol
  /** Never present; keeps `T` for the compiler. */
  readonly type?: T
}

/** Makes a token. @example export const Courses = token<CourseRepository>('learning.Courses') */
export const token = <T>(name: string): Token<T> => ({ name, id: Symbol(name) })

export type Dependencies = Readonly<Record<string, Token<unknown>>>

/** The values behind a record of tokens. */
export type Resolved<D extends Dependencies> = { readonly [K in keyof D]: D[K] extends Token<infer T> ? T : never }

/** Looks a token up; throws when nothing is bound to it. */
export type Resolve = <T>(token: Token<T>) => T

const isResolved = <D extends Dependencies>(record: Record<string, unknown>, dependencies: D): record is Resolved<D> =>
  Object.keys(dependencies).every((name) => name in record)

/** Resolves every dependency at once, when the process starts. */
export const resolveAll = <D extends Dependencies>(dependencies: D, resolve: Resolve): Resolved<D> => {
  const record = Object.fromEntries(Object.entries(dependencies).map(([name, value]) => [name, resolve(value)]))
  if (!isResolved(record, dependencies)) throw new TypeError('A dependency was not resolved.')
  return record
}
