/** Why a key was marked. The first of a burst is kept with the latest four; causes never carry payloads. */
export type Cause =
  /** `mergedInto`: the id of the survivor, where this record lost a merge. Nothing but the event says so for certain. */
  | { kind: "webhook"; eventId: string; type: string; at: string; mergedInto?: string }
  | { kind: "poll"; at: string }
  | { kind: "sweep"; run: string; at: string }
  | { kind: "ripple"; of: string; at: string }
  | { kind: "clock"; day: string; at: string }
  | { kind: "person"; who: string; what: string; at: string }
  | { kind: "zendesk"; what: string; at: string }
  | { kind: "healed"; what: string; at: string }
  | { kind: "retry"; failure: string; at: string };

/** Live work never waits behind a first load. Larger goes first. */
export const priorities = { bulk: 0, background: 10, live: 20, urgent: 30 } as const;
export type Priority = (typeof priorities)[keyof typeof priorities];
