import type { DispatchObserver } from '#bus/messaging/dispatcher.ts'
import type { Logger } from '../logging.ts'

/** Counts what happens to messages, and writes failures to the log as well. */
export const observeDispatch = (metrics: DispatchObserver, logger: Logger): DispatchObserver => ({
  ...metrics,
  failed: (consumer, envelope, error, final) => {
    metrics.failed(consumer, envelope, error, final)
    const { id, type, correlationid } = envelope
    const fields = { err: error, consumer, messageId: id, type, correlationId: correlationid }
    if (final) logger.error(fields, 'message given up')
    else logger.warn(fields, 'message failed')
  },
})
