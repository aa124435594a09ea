/** A column that the table's checks promise for this state. */
export const present = <T>(value: T | null): T => {
  if (value === null) throw new TypeError('A row of payment lacks what its status promises.')
  return value
}
