/** The work, or a rejection after so many milliseconds, `Infinity` for never; the work itself goes on. */
export const within = async (work: Promise<void>, timeoutMs: number): Promise<void> => {
  if (timeoutMs === Number.POSITIVE_INFINITY) return work
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    await Promise.race([work, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
