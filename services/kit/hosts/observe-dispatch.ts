import type { DispatchObserver } from '#bus/messaging/dispatcher.ts'
import type { Logger } from '../logging.ts'
import { traceIdOf } from '../tracing/traceparent.ts'

/** Counts what happens to messages, and writes failures to the log as well. */
export const observeDispatch = (metrics: DispatchObserver, logger: Logger): DispatchObserver => ({
  ...metrics,
  failed: (consumer, envelope, error, final) => {
    metrics.failed(consumer, envelope, error, final)
    const { id, type, correlationid, traceparent } = envelope
    const traceId = traceparent === undefined ? undefined : traceIdOf(traceparent)
    const fields = { err: error, consumer, messageId: id, type, correlationId: correlationid, traceId }
    if (final) logger.error(fields, 'message given up')
    else logger.warn(fields, 'message failed')
  },
})
