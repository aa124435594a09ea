/** A real Redis for the suites that can use one; undefined where there is none. */
export const redisUrl: string | undefined = process.env['REDIS_URL']
