import { ContainerModule } from 'inversify'
import { type Dependencies, type Resolved, resolveAll, type Token } from '#bus/cqrs/token.ts'

/** One dependency of a service: what it is called, and how it is made of others. */
export interface Binding {
  readonly token: Token<unknown>
  readonly module: ContainerModule
}

/**
 * Binds a token to a plain factory; each is made once, when the process starts.
 * @example
 * export const learningModule = [
 *   bind(Courses, { database: Database }, ({ database }) => createPostgresCourses(database)),
 * ]
 */
export const bind = <T, D extends Dependencies>(
  token: Token<T>,
  dependencies: D,
  factory: (dependencies: Resolved<D>) => T,
): Binding => ({
  token,
  module: new ContainerModule((options) => {
    options
      .bind<T>(token.id)
      .toDynamicValue((context) => factory(resolveAll(dependencies, (wanted) => context.get(wanted.id))))
  }),
})

/** Binds a token to a value that exists already. */
export const bindValue = <T>(token: Token<T>, value: T): Binding => ({
  token,
  module: new ContainerModule((options) => {
    options.bind<T>(token.id).toConstantValue(value)
  }),
})
