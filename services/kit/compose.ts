import 'reflect-metadata'
import { Container } from 'inversify'
import type { Resolve } from '#bus/cqrs/token.ts'
import type { Binding } from './module.ts'

/**
 * Puts bindings together and makes every one of them, so that what is missing stops the start. Throws when a token is
 * bound twice or not at all.
 */
export const resolveBindings = (bindings: readonly Binding[]): Resolve => {
  const container = new Container({ defaultScope: 'Singleton', jitless: true })
  const names = new Map<symbol, string>()
  for (const { token, module } of bindings) {
    if (names.has(token.id)) throw new Error(`"${token.name}" is bound twice. help: keep one binding.`)
    names.set(token.id, token.name)
    container.load(module)
  }
  const resolve: Resolve = (token) => {
    if (!names.has(token.id)) throw new Error(`Nothing is bound to "${token.name}". help: bind it in module.ts.`)
    return container.get(token.id)
  }
  for (const { token } of bindings) resolve(token)
  return resolve
}
