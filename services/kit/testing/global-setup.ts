import type { TestProject } from 'vitest/node'
import { removeAbandonedClusters, startTestCluster } from './postgres-cluster.ts'
import { checkServer, dropDatabasesOf, testServerAt } from './postgres-server.ts'

/** One PostgreSQL for the whole run: that of DATABASE_URL, or an embedded one that ends with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL
  if (given) {
    await checkServer(given)
    const server = testServerAt(given)
    project.provide('testServer', server)
    return () => dropDatabasesOf(server)
  }
  await removeAbandonedClusters()
  const cluster = await startTestCluster()
  project.provide('testServer', testServerAt(cluster.url))
  return () => cluster.remove()
}
