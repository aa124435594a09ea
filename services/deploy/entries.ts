/** The files and images that a deployment starts; the one place that knows where they lie. */
export const entries = {
  /** What Lambda calls: `http`, `queue` and `schedule` of services/<service>/lambda.ts. */
  handler: (service: string, entry: 'http' | 'queue' | 'schedule'): string => `services/${service}/lambda.${entry}`,
  /** One Dockerfile for every service; it starts services/<service>/main.ts. */
  image: (service: string) => ({ context: '.', dockerfile: 'docker/Dockerfile', args: { SERVICE: service } }),
  migrate: 'services/deploy/migrate.handler',
  catalogWorker: 'edge/catalog/worker.ts',
  catalogSettings: 'edge/catalog/wrangler.jsonc',
} as const

/** The ports of a container: the public API, and what only other services of the network reach. */
export const PORTS = { api: 3000, internal: 3001 } as const
