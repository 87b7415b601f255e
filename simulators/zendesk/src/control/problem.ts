/** A control request that makes no sense, or that the simulated vendor refuses: status and one clear sentence. */
export class ControlProblem extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = "ControlProblem";
    this.status = status;
  }
}
