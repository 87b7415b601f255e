/** A call that the vendor has and this simulator has not; answered 501 with its name, never silently. */
export class NotBuilt extends Error {
  readonly operation: string;
  constructor(operation: string) {
    super(`${operation} is not built in this simulator`);
    this.name = "NotBuilt";
    this.operation = operation;
  }
}
