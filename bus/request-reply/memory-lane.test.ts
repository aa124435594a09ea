import { laneConformance } from './conformance.ts'
import { createMemoryLane } from './requester.ts'

laneConformance({
  name: 'within one process',
  open: async (respond) => {
    const { lane, register } = createMemoryLane()
    register('payment', respond)
    return { lane, close: async () => undefined }
  },
})
