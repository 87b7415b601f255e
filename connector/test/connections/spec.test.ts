import { checkSpec } from "../harness/check-spec.ts";

checkSpec({ spec: "connector/src/connections/credentials/SPEC.md", letter: "C", atLeast: 11 });
