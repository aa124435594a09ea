// The other side of P6: an event through the EventBus of @nestjs/cqrs to two of the handlers of a service.
import { serveRounds } from '../harness/side.ts'
import { cqrs, startBus } from './nest.mjs'

let sum = 0
const events = Array.from({ length: 40 }, () => {
  class Happened {
    constructor(n) {
      this.n = n
    }
  }
  const handlers = Array.from({ length: 2 }, () => {
    class AddN {
      handle({ n }) {
        sum += n
      }
    }
    cqrs.EventsHandler(Happened)(AddN)
    return AddN
  })
  return { Happened, handlers }
})
const bus = await startBus(
  cqrs.EventBus,
  events.flatMap(({ handlers }) => handlers),
)
const [{ Happened }] = events

serveRounds({
  run: async (operations) => {
    const before = sum
    for (let n = 0; n < operations; n++) await bus.publish(new Happened(1))
    while (sum - before < 2 * operations) await new Promise(setImmediate)
  },
})
