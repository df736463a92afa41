/** The client interrupted the turn. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
