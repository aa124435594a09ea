/**
 * Prints what was found about one target. `npm run bench` gathers these lines into its table, so that a bench is any
 * program that prints them.
 */
export const verdict = (id: string, what: string, value: number, target: string, met: boolean): void => {
  console.log(`${id}  ${what}: ${value.toFixed(2)} (target ${target}) ${met ? 'met' : 'MISSED'}`)
}

/** Prints a figure that has no target. */
export const finding = (id: string, what: string, value: number): void => {
  console.log(`${id}  ${what}: ${value.toFixed(2)}`)
}

/** Says what could not be measured, and why. */
export const unmeasured = (id: string, what: string, reason: string): void => {
  console.log(`${id}  ${what}: not measured: ${reason}`)
}
