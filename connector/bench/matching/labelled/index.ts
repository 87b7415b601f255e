// The labelled set: parties, organizations, and what a person who knows the rules says belongs together.
// Not made by, and not knowing, the program that is measured by it: its labels were written down first.
// Used by the bench `matching` and by its small run in the tests.
export { labelledSet } from "./labelled-set.ts";
export { type LabelledParty, type LabelledSet, type Pair, type PairClass, pairClasses } from "./set.ts";
