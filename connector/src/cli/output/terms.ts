// Our own terms in words that an administrator knows.
import type { CauseView, EffectCounts } from "@ml-connector/contract";
import type { MatchStep, ParkReason } from "../../domain/index.ts";
import { counted, oneLine } from "../../views/index.ts";

const steps: Record<MatchStep, string> = {
  key: "our key on it",
  email: "an e-mail address of its users",
  domain: "the domain of its mail",
  name: "its name",
  created: "created by us",
  answer: "a person's answer",
};

const reasons: Record<ParkReason, string> = {
  "several-organizations": "several organizations fit",
  "several-parties": "several customers or vendors claim one organization",
  container: "the organization looks like a group of many clients",
  "legal-form": "the names differ in their legal form",
  "domain-contradicts": "the e-mail domain speaks against the organization",
  "name-taken": "another organization has this name",
  "deleted-in-zendesk": "the organization was deleted in Zendesk",
  "changed-since-plan": "it is no longer what the approved plan said",
  failed: "writing or reading failed too often",
};

/** How a link was found. A step that a newer version stored is shown as it is. */
export function stepWords(step: string): string {
  return (steps as Record<string, string>)[step] ?? step;
}

export function reasonWords(reason: string): string {
  return (reasons as Record<string, string>)[reason] ?? reason;
}

export const parkReasons = Object.keys(reasons) as ParkReason[]; // the record above has every reason as a key

export function causeWords(cause: CauseView): string {
  switch (cause.kind) {
    case "webhook":
      return oneLine(
        `QuickBooks event ${cause.type} (${cause.eventId})${cause.mergedInto === undefined ? "" : `, merged into ${cause.mergedInto}`}`,
      );
    case "poll":
      return "change poll";
    case "sweep":
      return oneLine(`full sweep ${cause.run}`);
    case "ripple":
      return oneLine(`change of ${cause.of}`);
    case "clock":
      return oneLine(`the day ${cause.day} began`);
    case "person":
      return oneLine(`${cause.who}: ${cause.what}`);
    case "zendesk":
      return oneLine(`Zendesk: ${cause.what}`);
    case "healed":
      return oneLine(`healed: ${cause.what}`);
    case "retry":
      return oneLine(`tried again after: ${cause.failure}`);
  }
}

/** All causes of one row, oldest first; the first is what set it off. */
export function causesWords(causes: readonly CauseView[]): string {
  return causes.map(causeWords).join("; ");
}

/** `2 created, 14 updated`; undefined where nothing happened. */
export function effectWords(effects: EffectCounts): string | undefined {
  const words = [
    [effects.created, "created"],
    [effects.updated, "updated"],
    [effects.linked, "linked"],
    [effects.unlinked, "unlinked"],
    [effects.cleared, "cleared"],
    [effects.parked, "parked"],
  ] as const;
  const parts = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (effects.membersAdded > 0) parts.push(`${counted(effects.membersAdded, "member")} added`);
  return parts.length > 0 ? parts.join(", ") : undefined;
}
