import { connectRedis } from '#services/kit/redis/server.ts'

/** Tests of the platform run one at a time and have this logical database to themselves. */
const DATABASE = 15

/**
 * The server of REDIS_URL with nothing in it; undefined without one. What an earlier test left (a catalog, quotas of a
 * clock that was put forward) would be another's otherwise.
 */
export const emptyRedisUrl = async (): Promise<string | undefined> => {
  const given = process.env['REDIS_URL']
  if (given === undefined) return undefined
  const url = new URL(given)
  url.pathname = `/${DATABASE}`
  const { promise: connected, resolve, reject } = Promise.withResolvers<void>()
  const redis = connectRedis({ url: url.href, onConnectionError: reject })
  redis.onConnect(resolve)
  try {
    await connected
    await redis.command('FLUSHDB')
  } finally {
    await redis.close()
  }
  return url.href
}
