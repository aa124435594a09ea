/** Bindings of the Worker. The token reads only; the secret signs cursors. */
export interface Env {
  readonly UPSTASH_REDIS_REST_URL: string
  readonly UPSTASH_REDIS_REST_TOKEN: string
  readonly CURSOR_SECRET: string
  /** Local and approximate; absent where the platform has none. */
  readonly CLIENT_LIMIT?: RateLimit
}

export interface RateLimit {
  limit(options: { key: string }): Promise<{ success: boolean }>
}
