export const APP_NAME = 'edtech'
/** Where everything but the edge runs. */
export const REGION = 'eu-central-1'

/** How the services run: each as a container that polls its queues, or as functions that are called. */
export type Compute = 'containers' | 'functions'

/** What may differ between two deployments; everything else is derived from the services. */
export interface Settings {
  /** Begins the names of buses, queues and buckets. */
  readonly prefix: string
  readonly compute: Compute
  /** Who keeps the passwords: the user service in its database, or a user pool of Cognito. */
  readonly passwords: 'database' | 'cognito'
  /** Survives mistakes: kept when the stage is removed, spread over two zones. */
  readonly permanent: boolean
  /** How many containers of each service there may be. */
  readonly containers: { readonly min: number; readonly max: number }
  /** Requests a second that an API takes of all callers together, and how many at once; others hear 429. */
  readonly throttle: { readonly rate: number; readonly burst: number }
  /** The tax that prices include, and what tutors get of the rest, in percent. */
  readonly sale: { readonly taxPercent: number; readonly tutorPercent: number }
  /** The domain that `api.` and `catalog.` are put before; the addresses of AWS and Cloudflare when absent. */
  readonly domain?: string | undefined
}

/** The stage whose data somebody would miss. */
export const isPermanent = (stage: string): boolean => stage === 'production'

/** The one place that decides how a stage is deployed. */
export const settingsOf = (stage: string): Settings => ({
  prefix: `${APP_NAME}-${stage}`,
  compute: 'containers',
  passwords: 'database',
  permanent: isPermanent(stage),
  containers: isPermanent(stage) ? { min: 2, max: 10 } : { min: 1, max: 1 },
  throttle: isPermanent(stage) ? { rate: 1_000, burst: 2_000 } : { rate: 50, burst: 100 },
  sale: { taxPercent: 0, tutorPercent: 80 },
})

/**
 * Reply queues of each service: one for every container, which waits for replies there and asks over HTTP while it finds
 * none free. Functions wait at no queue.
 */
export const replySlotsOf = ({ compute, containers }: Settings): number =>
  compute === 'containers' ? containers.max : 0

/** What every stage of an API is given: each caller has a quota of the services besides. */
export const throttledBy = ({ throttle: { rate, burst } }: Settings) => ({
  defaultRouteSettings: { throttlingRateLimit: rate, throttlingBurstLimit: burst },
})
