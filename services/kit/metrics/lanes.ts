import type { AnsweringObserver } from '#bus/request-reply/answering.ts'
import type { LaneChoice } from '#bus/request-reply/choose-lane.ts'
import type { SqsResponderOptions } from '#bus/request-reply/sqs-lane/responder.ts'
import type { SqsLaneObserver } from '#bus/request-reply/sqs-lane/sqs-lane.ts'
import { Counter, type Registry } from 'prom-client'

/** Observers for each part of the lanes between processes. */
export interface LaneMetrics {
  readonly answering: AnsweringObserver
  readonly sqs: SqsLaneObserver
  readonly requestDropped: SqsResponderOptions['dropped']
  readonly noSlot: LaneChoice['onNoSlot']
}

/** What happens to requests between processes. Types that nobody here knows are counted as one. */
export const laneMetrics = (registry: Registry, isKnown: (type: string) => boolean): LaneMetrics => {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const overloaded = counter(
    'bus_requests_overloaded_total',
    'Requests sent away for want of capacity, by type.',
    'type',
  )
  const failed = counter(
    'bus_request_failures_total',
    'Requests that failed in a way that no contract names, by type.',
    'type',
  )
  const requests = counter(
    'bus_requests_dropped_total',
    'Requests deleted without an answer, by reason and type.',
    'why',
    'type',
  )
  const replies = counter('bus_replies_dropped_total', 'Replies deleted that were nobody’s answer, by reason.', 'why')
  const lost = counter('bus_reply_slots_lost_total', 'Reply slots that another instance took over.')
  const noSlot = counter(
    'bus_reply_slots_missing_total',
    'Requests that found no reply slot free, by service.',
    'service',
  )
  const label = (type: string): string => (isKnown(type) ? type : 'unknown')
  return {
    answering: {
      overloaded: (type) => overloaded.inc({ type: label(type) }),
      failed: ({ type }) => failed.inc({ type: label(type) }),
    },
    sqs: { dropped: (why) => replies.inc({ why }), slotLost: () => lost.inc() },
    requestDropped: (why, type) => requests.inc({ why, type: label(type) }),
    noSlot: (service) => noSlot.inc({ service }),
  }
}
