import { type Dependencies, type Resolve, type Resolved, resolveAll } from '#bus/cqrs/token.ts'

/** Work that a host runs every `everyMs` milliseconds, one run at a time; it is safe to run twice. */
export interface Job {
  readonly name: string
  readonly everyMs: number
  bind(resolve: Resolve): () => Promise<void>
}

/**
 * Declares a job.
 * @example
 * export const repairCatalog = job('repair-catalog', 30_000, { projector: Projector }, ({ projector }) => projector.repair())
 */
export const job = <D extends Dependencies>(
  name: string,
  everyMs: number,
  dependencies: D,
  run: (dependencies: Resolved<D>) => Promise<void>,
): Job => ({
  name,
  everyMs,
  bind: (resolve) => {
    const resolved = resolveAll(dependencies, resolve)
    return () => run(resolved)
  },
})
