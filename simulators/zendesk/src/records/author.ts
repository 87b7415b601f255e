/** Who changes a record, and when in simulated milliseconds: the item of a job has a time of its own. */
export interface Author {
  at: number;
  by: "api" | "person";
}
