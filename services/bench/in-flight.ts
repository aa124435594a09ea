/** Does so many operations, `atOnce` of them at any time. */
export const inFlight = async (atOnce: number, operations: number, work: (n: number) => Promise<unknown>) => {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < operations) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
