// The states of a credential, complete: SPEC.md prints this table and says what each event is.

export type CredentialState = "absent" | "valid" | "asking" | "refused";
export type CredentialEvent =
  | "consented"
  | "attempted"
  | "answered"
  | "unanswered"
  | "put-off"
  | "grant-refused"
  | "rescued"
  | "removed";

/** Undefined: cannot happen in this state, and changes nothing where a late process tries. */
export const credentialTransitions = {
  absent: {
    consented: "valid",
    attempted: undefined,
    answered: undefined,
    unanswered: undefined,
    "put-off": undefined,
    "grant-refused": undefined,
    rescued: undefined,
    removed: undefined,
  },
  valid: {
    consented: "valid",
    attempted: "asking",
    answered: undefined,
    unanswered: undefined,
    "put-off": undefined,
    "grant-refused": undefined,
    rescued: "valid",
    removed: "absent",
  },
  asking: {
    consented: "valid",
    attempted: "asking",
    answered: "valid",
    unanswered: "asking",
    "put-off": "valid",
    "grant-refused": "refused",
    rescued: "valid",
    removed: "absent",
  },
  refused: {
    consented: "valid",
    attempted: undefined,
    answered: undefined,
    unanswered: undefined,
    "put-off": undefined,
    "grant-refused": undefined,
    rescued: "valid",
    removed: "absent",
  },
} as const satisfies Record<CredentialState, Record<CredentialEvent, CredentialState | undefined>>;

/** As the store's row tells it. */
export function credentialState(
  row: { state: "valid" | "refused"; attemptStartedAt: Date | undefined } | undefined,
): CredentialState {
  if (row === undefined) return "absent";
  if (row.state === "refused") return "refused";
  return row.attemptStartedAt === undefined ? "valid" : "asking";
}
