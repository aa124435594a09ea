import type { Api } from '../api.ts'
import type { Bus } from '../bus.ts'
import type { EnvironmentSources } from '../environment.ts'
import type { Network } from '../network.ts'
import type { Settings } from '../settings.ts'

export interface ComputeOptions {
  readonly settings: Settings
  readonly network: Network
  readonly bus: Bus
  readonly api: Api
  readonly sources: Omit<EnvironmentSources, 'internalUrlOf'>
  /** What has to be done before a service of this version starts: the migrations. */
  readonly after: readonly $util.Resource[]
}

/** The services, however they run. */
export interface Compute {
  /** What the API calls each service by. */
  readonly integrations: ReadonlyMap<string, $util.Input<string>>
  /** Of what may fail on its own; empty for containers. */
  readonly functionNames: readonly $util.Output<string>[]
}
