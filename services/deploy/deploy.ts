import { createAlarms } from './alarms.ts'
import { createApi, routeApi } from './api.ts'
import { createBus } from './bus.ts'
import { createContainers } from './compute/containers.ts'
import { createFunctions } from './compute/functions.ts'
import { createData } from './data.ts'
import { createEdge } from './edge.ts'
import { createIdentities } from './identities.ts'
import { runMigrations } from './migrations.ts'
import { createNetwork } from './network.ts'
import { createSecrets } from './secrets.ts'
import { type Settings, settingsOf } from './settings.ts'

/** Everything that a stage consists of. Returns the addresses that people use. */
export const deploy = (settings: Settings = settingsOf($app.stage)) => {
  const secrets = createSecrets()
  const network = createNetwork(settings)
  const data = createData(network, settings)
  const bus = createBus(settings)
  const api = createApi(network, settings)
  const migration = runMigrations(network, data, settings)
  const createCompute = settings.compute === 'containers' ? createContainers : createFunctions
  const compute = createCompute({
    settings,
    network,
    bus,
    api,
    sources: { settings, secrets, data, identities: createIdentities(settings), apiUrl: api.url },
    after: [migration],
  })
  routeApi(api, compute.integrations)
  const catalog = createEdge(data, secrets, settings)
  createAlarms(bus, api, compute, secrets)
  return { api: api.url, catalog: catalog.url }
}
