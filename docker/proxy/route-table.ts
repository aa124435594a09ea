import { TrieRouter } from 'hono/router/trie-router'

/** As much of an OpenAPI document as routing needs. */
export interface RoutedDocument {
  readonly paths: Readonly<Record<string, object>>
}

/** Which service a request belongs to; undefined where no document knows the path. */
export type ServiceOf = (method: string, path: string) => string | undefined

const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Static segments before parameters, so that `/v1/users/me` is not somebody's id. */
const bySpecificity = (a: { readonly path: string }, b: { readonly path: string }): number => {
  const mask = ({ path }: { readonly path: string }): string => path.replaceAll(/:\w+/g, '\uffff')
  return mask(a) < mask(b) ? -1 : mask(a) > mask(b) ? 1 : 0
}

const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete'])

/**
 * Builds the table from the services' own documents: `/v1/tutors/...` belongs to several of them, operation by operation.
 * A path whose method no document knows goes to a service that has the path, which answers 405 as it would alone.
 */
export const routeTableOf = (documents: Readonly<Record<string, RoutedDocument>>): ServiceOf => {
  const operations = Object.entries(documents)
    .flatMap(([service, { paths }]) =>
      Object.entries(paths).flatMap(([path, item]) =>
        Object.keys(item)
          .filter((method) => METHODS.has(method))
          .map((method) => ({ service, method: method.toUpperCase(), path: honoPath(path) })),
      ),
    )
    .toSorted(bySpecificity)
  const byOperation = new TrieRouter<string>()
  const byPath = new TrieRouter<string>()
  for (const { service, method, path } of operations) {
    byOperation.add(method, path, service)
    byPath.add('ALL', path, service)
  }
  const first = (router: TrieRouter<string>, method: string, path: string): string | undefined =>
    router.match(method, path)[0][0]?.[0]
  return (method, path) => first(byOperation, method === 'HEAD' ? 'GET' : method, path) ?? first(byPath, 'ALL', path)
}
