import { messageNamed } from '../patterns/directory.ts'
import type { HttpLane } from './http-lane.ts'
import { type createMemoryLane, type Lane, ServiceFailed } from './requester.ts'
import type { SqsLane } from './sqs-lane/sqs-lane.ts'

export interface LaneChoice {
  readonly memory: Pick<ReturnType<typeof createMemoryLane>, 'lane' | 'serves'>
  /** Absent where no internal listener is known. */
  readonly http?: Pick<HttpLane, 'lane' | 'reaches'>
  /** Absent in processes without queues. */
  readonly sqs?: Pick<SqsLane, 'lane' | 'ready'>
  /** Told of requests that would have gone through queues and found no reply slot free: raise an alarm. */
  readonly onNoSlot: (service: string) => void
}

/**
 * One lane over all: within the process where the service runs here, else through queues between containers, else over
 * HTTP. What is sensitive never enters a queue.
 */
export const chooseLane = ({ memory, http, sqs, onNoSlot }: LaneChoice): Lane => {
  const outside: Lane = async (service, request, signal) => {
    const isSensitive = messageNamed(request.type).sensitive
    if (sqs && !isSensitive) {
      // A store of leases that is out of reach leaves no slot either.
      if (await sqs.ready().catch(() => false)) return sqs.lane(service, request, signal)
      onNoSlot(service)
    }
    if (http?.reaches(service)) return http.lane(service, request, signal)
    throw ServiceFailed(
      request.type,
      isSensitive ? 'it is sensitive, and no internal URL is known' : 'no lane leads there',
    )
  }
  return (service, request, signal) => (memory.serves(service) ? memory.lane : outside)(service, request, signal)
}
