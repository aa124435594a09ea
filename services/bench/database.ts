import { randomBytes } from 'node:crypto'
import { migrateServices } from '#services/kit/postgres/migrate.ts'
import type { ServiceTables } from '#services/kit/service.ts'
import { removeAbandonedClusters, startTestCluster } from '#services/kit/testing/postgres-cluster.ts'
import { asOwner, checkServer, dropDatabase } from '#services/kit/testing/postgres-server.ts'

/** A database of a bench's own. */
export interface BenchDatabase {
  /** The owner's URL. */
  readonly url: string
  close(): Promise<void>
}

/**
 * An empty database with the schemas of the given services, on the server of DATABASE_URL or else on an embedded one in a
 * temporary directory. That one does not wait for the disk (`fsync` off): a durable commit takes 2 ms here, which would
 * hide what either side does; BENCH_FSYNC=on shows the rates of production.
 */
export const openBenchDatabase = async (services: readonly ServiceTables[]): Promise<BenchDatabase> => {
  const given = process.env['DATABASE_URL']
  const server = given === undefined ? await startEmbedded() : await useGiven(given)
  const name = `bench_${randomBytes(4).toString('hex')}`
  await asOwner(server.url, (sql) => sql`create database ${sql(name)}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  await migrateServices(url.href, services)
  return {
    url: url.href,
    close: async () => {
      await asOwner(server.url, (sql) => dropDatabase(sql, name))
      await server.remove()
    },
  }
}

const startEmbedded = async () => {
  await removeAbandonedClusters()
  const fsync = process.env['BENCH_FSYNC'] ?? 'off'
  return startTestCluster({ fsync, full_page_writes: fsync })
}

const useGiven = async (url: string) => {
  await checkServer(url)
  return { url, remove: () => Promise.resolve() }
}
