// The proxy in front of the services, and behind it what belongs to none of them: explorer and problem pages.
import { lookup } from 'node:dns/promises'
import { loadConfig } from '#services/kit/config.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { createLogger } from '#services/kit/logging.ts'
import { startDiscovery } from '../proxy/discovery.ts'
import { startProxy } from '../proxy/proxy.ts'
import { routeTableOf } from '../proxy/route-table.ts'
import { createFront } from '../stack/front.ts'
import { routedDocuments } from '../stack/routed-documents.ts'
import { ProxyConfig } from './config.ts'
import { runUntilStopped } from './run.ts'
import { services } from './services.ts'

const FRONT = 'front'
const LOOPBACK = '127.0.0.1'
/** The ports of every service's container. */
const SERVICE_PORTS = { port: 3000, internalPort: 3001 }

await runUntilStopped(async (stack) => {
  const config = loadConfig(ProxyConfig)
  const logger = createLogger({ level: config.LOG_LEVEL, service: 'proxy' })
  const demoLogins = Object.entries(config.DEMO_LOGINS).map(([label, login]) => ({ label, ...login }))
  const front = await listen(
    createFront({ services, catalogUrl: config.CATALOG_URL, demoLogins, logger }).fetch,
    0,
    LOOPBACK,
  )
  stack.defer(() => front.drain(0))
  const discovery = startDiscovery({
    services: services.map(({ name }) => name),
    addressesOf: async (name) => (await lookup(name, { all: true, family: 4 })).map(({ address }) => address),
    ...SERVICE_PORTS,
  })
  stack.defer(discovery.stop)
  const proxy = await startProxy({
    port: config.PORT,
    host: config.HOST,
    serviceOf: routeTableOf(routedDocuments(services)),
    instancesOf: (service) =>
      service === FRONT ? [`http://${LOOPBACK}:${front.port}`] : discovery.instancesOf(service),
    fallback: FRONT,
  })
  stack.defer(proxy.close)
  return `The proxy listens on ${config.HOST}:${proxy.port}.`
})
