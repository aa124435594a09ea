/** Something that is wrong, and what to do about it. */
export interface Finding {
  readonly where: string
  readonly problem: string
  readonly help: string
}
