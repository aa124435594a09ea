import { Redis } from '@upstash/redis/cloudflare'

// What the size of our own part is measured against: the client alone.
export default {
  fetch: async (_: Request, env: { url: string; token: string }) => new Response(await new Redis(env).get('key')),
}
