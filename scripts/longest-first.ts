import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Of the flows those that take longest, longest first: begun last, one of them alone would keep the others' cores waiting. */
const longest = [
  "switches/pairwise",
  "records/records.test",
  "bench/benches",
  "cli/review",
  "recovery/random-kills",
  "cli/commands",
  "demo/demo.test",
  "chaos/chaos.test",
  "plan/apply",
  "failure/failure",
  "failure/whole-connection",
  "property/human-edits-plans",
  "records/tickets",
  "connections/life",
  "flow/live-beside-load",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.includes(`/${name}`));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
