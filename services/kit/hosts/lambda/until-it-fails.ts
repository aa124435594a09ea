/** Makes something once for all who ask, also at the same time; what failed is made anew for the next one who asks. */
export const untilItFails = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    if (made) return made
    const making = make()
    made = making
    making.catch(() => {
      made = undefined
    })
    return making
  }
}
