/** A request to the Accounting API, its transport taken off. */
export interface ApiCall {
  readonly method: string;
  readonly realm: string;
  /** What stands after /v3/company/{realm}/, decoded. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What went over the wire in short, for the request log: never values of records. */
export type Summary = Readonly<Record<string, string | number | Readonly<Record<string, number>>>>;

export interface Answer {
  readonly json: string;
  readonly summary: Summary;
}
