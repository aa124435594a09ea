import { ANY, arg, type CommandTable } from './command-spec.ts'
import { runSet } from './set.ts'

export const stringCommands: CommandTable = {
  GET: { min: 1, max: 1, run: (keys, args) => keys.getString(arg(args, 0)) ?? null },
  SET: { min: 2, max: ANY, run: runSet },
  MGET: {
    min: 1,
    max: ANY,
    run: (keys, args) =>
      args.map((key) => {
        const value = keys.get(key)
        return typeof value === 'string' ? value : null
      }),
  },
}
