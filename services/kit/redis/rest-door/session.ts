import { type Redis, type RedisCommand, RedisError, type RedisReply, type RedisScript } from '../redis.ts'
import { scriptSha } from '../script-sha.ts'
import { type Access, isAllowed, notPermitted } from './access.ts'
import { multiExec } from './multi-exec.ts'

type Outcome = RedisReply | RedisError

export type ScriptTable = ReadonlyMap<string, RedisScript>

/** Scripts by their SHA-1 and by their Lua text: how EVALSHA and EVAL name them. */
export const scriptTable = (scripts: readonly RedisScript[]): ScriptTable =>
  new Map(scripts.flatMap((script) => [[scriptSha(script), script] as const, [script.lua, script] as const]))

interface ScriptCall {
  readonly script: RedisScript
  readonly keys: string[]
  readonly args: string[]
}

/** What a request may do: the commands of one token against one Redis. */
export class Session {
  readonly #redis: Redis
  readonly #scripts: ScriptTable
  readonly #access: Access

  constructor(redis: Redis, scripts: ScriptTable, access: Access) {
    this.#redis = redis
    this.#scripts = scripts
    this.#access = access
  }

  async command(command: RedisCommand): Promise<RedisReply> {
    if (!isAllowed(this.#access, command[0])) throw notPermitted(command[0])
    const call = this.#scriptCall(command)
    return call ? this.#redis.script(call.script, call.keys, call.args) : this.#redis.command(...command)
  }

  /** One round trip when all are plain commands; with a script or a refusal among them, one after the other. */
  async pipeline(commands: readonly RedisCommand[]): Promise<Outcome[]> {
    const plain = commands.every((command) => isAllowed(this.#access, command[0]) && !this.#scriptCall(command))
    if (plain) return this.#redis.pipeline(commands)
    const outcomes: Outcome[] = []
    for (const command of commands) outcomes.push(await this.#outcome(command))
    return outcomes
  }

  async transaction(commands: readonly RedisCommand[]): Promise<Outcome[]> {
    const refused = commands.find(([name]) => !isAllowed(this.#access, name))
    if (refused) throw notPermitted(refused[0])
    return multiExec(this.#redis, commands)
  }

  async #outcome(command: RedisCommand): Promise<Outcome> {
    try {
      return await this.command(command)
    } catch (error) {
      if (error instanceof RedisError) return error
      throw error
    }
  }

  /** Undefined for any other command and for a script that is not in the table: Redis answers those itself. */
  #scriptCall([name, text, count, ...rest]: RedisCommand): ScriptCall | undefined {
    if (!/^eval(sha)?$/i.test(name)) return undefined
    const script = this.#scripts.get(String(text))
    const keyCount = Number(count)
    if (!script || !Number.isInteger(keyCount) || keyCount < 0 || keyCount > rest.length) return undefined
    const texts = rest.map(String)
    return { script, keys: texts.slice(0, keyCount), args: texts.slice(keyCount) }
  }
}
