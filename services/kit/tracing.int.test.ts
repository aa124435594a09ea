import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { HostConfig, loadConfig } from './config.ts'
import { listen } from './redis/testing/listen.ts'
import { openTracing } from './tracing.ts'

const cleanup: (() => void)[] = []
afterEach(() => {
  for (const end of cleanup.splice(0)) end()
})

/** A collector that answers with one status; the paths that it was asked for. */
const collector = async (status: number) => {
  const paths: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end('{}'))
  })
  cleanup.push(() => server.close())
  return { url: `http://127.0.0.1:${await listen(server)}`, paths }
}

const open = async (variables: Record<string, string>) => {
  const warnings: string[] = []
  const warn = (_fields: object | string, message?: string) => void warnings.push(message ?? '')
  return { warnings, tracing: await openTracing(loadConfig(HostConfig, variables), { warn }) }
}

describe('traces', () => {
  test('are off without an endpoint', async () => {
    expect((await open({})).tracing).toBeUndefined()
  })

  test('go to the path of OTLP under the endpoint, the last of them when the process ends', async () => {
    const { url, paths } = await collector(200)
    const { tracing, warnings } = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` })
    await tracing?.of('user').inSpan({ kind: 'internal', name: 'x' }, { correlationId: 'cor_1' }, async () => undefined)
    await tracing?.close()
    expect(paths).toEqual(['/v1/traces'])
    expect(warnings).toEqual([])
  })

  test('that a collector refuses are told of in the log, and fail nothing', async () => {
    const { url } = await collector(400)
    const { tracing, warnings } = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
    const work = tracing?.of('user').inSpan({ kind: 'internal', name: 'x' }, { correlationId: 'c' }, async () => 'done')
    expect(await work).toBe('done')
    await tracing?.close()
    expect(warnings).toEqual(['spans were not exported'])
  })

  test.each(['2', '-1', 'half', '1e-3'])('are not begun with a share of %j', async (share) => {
    await expect(open({ OTEL_TRACES_SAMPLER_ARG: share })).rejects.toThrow('OTEL_TRACES_SAMPLER_ARG')
  })
})
