import { checkSpec } from "../harness/check-spec.ts";

checkSpec({ spec: "connector/src/sync/reconcile/SPEC.md", letter: "I", atLeast: 28 });
