import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Data } from './data.ts'
import { entries } from './entries.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

const WorkerSettings = z.object({
  compatibility_date: z.string(),
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.number(), period: z.number() }),
    }),
  ),
  secrets: z.object({ required: z.array(z.string()) }),
})

/** What wrangler.jsonc says of the Worker, so that both ways to deploy it agree. */
export const readWorkerSettings = (): z.infer<typeof WorkerSettings> => {
  const withoutComments = readFileSync(entries.catalogSettings, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '')
  return WorkerSettings.parse(JSON.parse(withoutComments))
}

/** The catalog Worker. It reads Redis with a token that cannot write, and reaches nothing else. */
export const createEdge = ({ redis }: Data, { cursorSecret }: Secrets, { domain }: Settings) => {
  const { compatibility_date, ratelimits, secrets } = readWorkerSettings()
  const values: Record<string, $util.Input<string>> = {
    UPSTASH_REDIS_REST_URL: redis.restUrl,
    UPSTASH_REDIS_REST_TOKEN: redis.readOnlyRestToken,
    CURSOR_SECRET: cursorSecret.value,
  }
  const secretTexts = secrets.required.map((name) => {
    const text = values[name]
    if (text === undefined)
      throw new TypeError(`The Worker needs ${name}. help: give it a value in services/deploy/edge.ts.`)
    return { type: 'secret_text', name, text }
  })
  const limits = ratelimits.map(({ name, namespace_id, simple }) => ({
    type: 'ratelimit',
    name,
    namespaceId: namespace_id,
    simple,
  }))
  return new sst.cloudflare.Worker('Catalog', {
    handler: entries.catalogWorker,
    url: domain === undefined,
    ...(domain === undefined ? {} : { domain: `catalog.${domain}` }),
    compatibility: { date: compatibility_date, flags: [] },
    transform: {
      worker: (args: cloudflare.WorkersScriptArgs) => {
        args.bindings = $output(args.bindings).apply((bindings = []) => [...bindings, ...secretTexts, ...limits])
        args.observability = { enabled: true }
        return undefined
      },
    },
  })
}
