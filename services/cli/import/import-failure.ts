/** An expected failure: its message is all that a person needs to see. */
export class ImportFailure extends Error {
  override name = 'ImportFailure'
}
