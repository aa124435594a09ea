import { ANY, type CommandTable } from './command-spec.ts'
import { syntaxError } from './errors.ts'

export const serverCommands: CommandTable = {
  PING: { min: 0, max: 1, run: (_keys, [message]) => message ?? 'PONG' },
  DBSIZE: { min: 0, max: 0, run: (keys) => keys.size },
  FLUSHALL: {
    min: 0,
    max: ANY,
    run: (keys, args) => {
      const mode = args[0]?.toUpperCase()
      if (args.length > 1 || (mode !== undefined && mode !== 'ASYNC' && mode !== 'SYNC')) throw syntaxError()
      keys.clear()
      return 'OK'
    },
  },
}
