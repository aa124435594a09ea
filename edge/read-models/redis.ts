/** What one Redis command can answer. */
export type Reply = string | number | null | Reply[]

type Command = readonly [name: string, ...args: (string | number)[]]

export type Call = (...command: Command) => Reply

/** An atomic write that exists twice with one meaning: as Lua on a real server, as TypeScript in the in-process engine. */
export interface Script {
  readonly name: string
  readonly lua: string
  readonly run: (call: Call, keys: readonly string[], args: readonly string[]) => Reply
}

/** The Redis that a projector writes to; the platform's own door fits it structurally. */
export interface CatalogRedis {
  command(...command: Command): Promise<Reply>
  script(script: Script, keys: readonly string[], args: readonly string[]): Promise<Reply>
}
