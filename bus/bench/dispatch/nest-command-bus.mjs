// The other side of P6: a command through @nestjs/cqrs, which has no middlewares.
import { serveRounds } from '../harness/side.ts'
import { cqrs, startBus } from './nest.mjs'

const commands = Array.from({ length: 40 }, () => {
  class Add {
    constructor(n) {
      this.n = n
    }
  }
  class AddHandler {
    async execute({ n }) {
      return n
    }
  }
  cqrs.CommandHandler(Add)(AddHandler)
  return { Add, AddHandler }
})

const bus = await startBus(
  cqrs.CommandBus,
  commands.map(({ AddHandler }) => AddHandler),
)
const [{ Add }] = commands

serveRounds({
  run: async (operations) => {
    for (let n = 0; n < operations; n++) await bus.execute(new Add(n))
  },
})
