import type { ReplayResult, SyncResult } from "@ml-connector/contract";
import { counted, grouped } from "../../views/index.ts";
import { effectWords, reasonWords } from "./terms.ts";

export function syncText(result: SyncResult): string {
  return `${readWords(result)}: ${effectWords(result.effects) ?? "nothing had to be written"}.${stillDueWords(result.stillDue)}`;
}

function readWords({ read, party }: SyncResult): string {
  switch (read) {
    case "changes":
      return "Changes read";
    case "full":
      return "The whole company read again";
    case "party":
      return `${party ?? ""} read again`;
  }
}

/** Replaying what has healed since does nothing, and says so. */
export function replayText({ replayed, healed, stillParked, effects, stillDue }: ReplayResult): string {
  if (replayed.what === "parked" && replayed.parties.length === 0)
    return replayed.reason === null
      ? "Nothing is parked."
      : `Nothing is parked because ${reasonWords(replayed.reason)}.`;
  const what =
    replayed.what === "party"
      ? replayed.party
      : replayed.what === "all"
        ? "Every card"
        : counted(replayed.parties.length, "parked customer or vendor", "parked customers and vendors");
  const outcome = healed ? "all is as it should be, nothing had to be written" : effectWords(effects);
  const waiting = stillParked > 0 ? ` ${grouped(stillParked)} still parked, see: ml-connector review list.` : "";
  return `${what} looked at again: ${outcome ?? "nothing had to be written"}.${waiting}${stillDueWords(stillDue)}`;
}

function stillDueWords(stillDue: number): string {
  if (stillDue === 0) return "";
  return ` ${counted(stillDue, "key")} still wait: the service goes on with them (ml-connector start), see: ml-connector status`;
}
