import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import type { DeployedService } from './contracts.ts'
import type { Network } from './network.ts'
import { REGION, type Settings } from './settings.ts'

const databaseOf = (network: Network, { prefix, permanent }: Settings) =>
  new sst.aws.Postgres('Database', {
    vpc: network,
    version: '18.1',
    database: 'edtech',
    instance: permanent ? 'm7g.large' : 't4g.micro',
    storage: permanent ? '100 GB' : '20 GB',
    multiAz: permanent,
    transform: {
      parameterGroup: { parameters: [{ name: 'rds.force_ssl', value: '1' }] },
      instance: {
        deletionProtection: permanent,
        skipFinalSnapshot: !permanent,
        ...(permanent ? { finalSnapshotIdentifier: `${prefix}-database-final`, backupRetentionPeriod: 30 } : {}),
      },
    },
  })

/**
 * The catalog's views are written by the learning service over TCP and read by the Worker over REST, from outside of
 * any network of AWS: a Redis with both doors, and a token that only reads for the edge.
 */
const redisOf = ({ prefix }: Settings) => {
  const database = new upstash.RedisDatabase('Redis', {
    databaseName: prefix,
    region: 'global',
    primaryRegion: REGION,
    tls: true,
    eviction: false,
  })
  return {
    url: $interpolate`rediss://default:${database.password}@${database.endpoint}:${database.port}`,
    restUrl: $interpolate`https://${database.endpoint}`,
    readOnlyRestToken: database.readOnlyRestToken,
  }
}

/** The stores. The owner's URL goes to the migration alone; a service gets the one of its own role. */
export const createData = (network: Network, settings: Settings) => {
  const database = databaseOf(network, settings)
  const ownerUrl = $interpolate`postgres://${database.username}:${database.password.apply(encodeURIComponent)}@${database.host}:${database.port}/${database.database}?sslmode=require`
  return {
    ownerUrl: $util.secret(ownerUrl),
    urlOf: ({ tables }: DeployedService) => $util.secret(ownerUrl.apply((url) => serviceUrl(url, tables.schema))),
    redis: redisOf(settings),
  }
}

export type Data = ReturnType<typeof createData>
