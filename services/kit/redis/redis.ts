/** What one Redis command can answer. */
export type RedisReply = string | number | null | RedisReply[]

/** One command: its name in upper case, then its arguments. */
export type RedisCommand = readonly [name: string, ...args: (string | number)[]]

/** `redis.call` as a script sees it: synchronous, throws `RedisError` where the server would answer an error. */
export type RedisCall = (...command: RedisCommand) => RedisReply

/**
 * An atomic script that exists twice with the same meaning: `lua` runs on a real server (EVALSHA, then EVAL),
 * `run` on the in-process engine. The contract suite holds the two against each other.
 */
export interface RedisScript {
  readonly name: string
  readonly lua: string
  readonly run: (call: RedisCall, keys: readonly string[], args: readonly string[]) => RedisReply
}

/** A Redis that the platform talks to: the in-process engine, or a real server over TCP. */
export interface Redis {
  /** Runs one command. Throws `RedisError` with the server's message (`WRONGTYPE ...`), `RedisUnavailable` when it is out of reach. */
  command(...command: RedisCommand): Promise<RedisReply>
  /** Runs commands in order in one round trip; an element is the reply or the error of that command. */
  pipeline(commands: readonly RedisCommand[]): Promise<(RedisReply | RedisError)[]>
  /** Runs a script atomically. */
  script(script: RedisScript, keys: readonly string[], args: readonly string[]): Promise<RedisReply>
  /** Calls back after each (re)connect, the first included. */
  onConnect(listener: () => void): void
  close(): Promise<void>
}

/** The server's own answer to a wrong command, its message unchanged (`WRONGTYPE Operation against a key ...`). */
export class RedisError extends Error {
  override name = 'RedisError'
}

/** The server cannot be reached or did not answer in time; says nothing of whether the command ran. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}
