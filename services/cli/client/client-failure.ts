/** An expected failure: its message is all that a person needs to see. */
export class ClientFailure extends Error {
  override name = 'ClientFailure'
}
