import type { Disposition, OrganizationId } from "../../../domain/index.ts";
import { assertNever } from "../../../domain/index.ts";
import type { Link, StandingAnswer } from "../../links/ports.ts";

/**
 * What is to become of one family, before any evidence is asked for. People's answers come first, then the remembered link.
 *
 *   link  answer            intent
 *   yes   none, link found  keep       the link stands
 *   yes   contradicted      unlink     the old organization is cleared first; the next pass goes on from "no link"
 *   yes   none, but a rule  unlink     the operator leaves out whoever is named so, or projects
 *   yes   merged            unlink     whatever was answered: what the party was is another one now
 *   no    merged            rest
 *   no    ignore            rest
 *   no    link / join       adopt      the organization the person named
 *   no    create            create
 *   no    none              match      ask the evidence (unless deleted in Zendesk and nobody answered)
 *   no    none, no scope    match      by its key alone, where an organization carries it: it was linked before our database was lost
 */
export type Intent =
  | { kind: "keep"; link: Link }
  | { kind: "unlink"; link: Link; merged: boolean }
  | { kind: "rest"; disposition: Disposition }
  | { kind: "adopt"; organizationId: OrganizationId; by: string }
  | { kind: "create"; by: string | undefined }
  | { kind: "match"; evidence: "all" | "key" };

export interface IntentFacts {
  link: Link | undefined;
  answer: StandingAnswer | undefined;
  /** For an answer "join": the organization of the party to be joined, if it has one. */
  joinTarget: OrganizationId | undefined;
  previous: Disposition | undefined;
  inScope: boolean;
  /** A project, where these are left out: linked by a person's answer alone. */
  leftOut: boolean;
  /** The operator's rule that leaves it out, in words. A person's answer about the party counts more. */
  ignoredBy: string | undefined;
  /** An organization carries its key. Asked of parties out of scope only. */
  hasKey: boolean;
  /** QuickBooks has merged it into another one and keeps what is left of it, inactive. */
  merged: boolean;
}

export const outOfScope: Extract<Intent, { kind: "rest" }> = { kind: "rest", disposition: { kind: "out-of-scope" } };

export function intentOf(facts: IntentFacts): Intent {
  if (facts.merged) return facts.link ? { kind: "unlink", link: facts.link, merged: true } : outOfScope;
  return facts.link ? linkedIntent(facts.link, facts) : unlinkedIntent(facts);
}

function linkedIntent(link: Link, { answer, joinTarget, ignoredBy, leftOut }: IntentFacts): Intent {
  if (!answer)
    return link.step === "answer" || ignoredBy || leftOut
      ? { kind: "unlink", link, merged: false }
      : { kind: "keep", link };
  switch (answer.answer.kind) {
    case "ignore":
      return { kind: "unlink", link, merged: false };
    case "link":
      return answer.answer.organizationId === link.organizationId
        ? { kind: "keep", link }
        : { kind: "unlink", link, merged: false };
    case "join":
      return joinTarget === undefined || joinTarget === link.organizationId
        ? { kind: "keep", link }
        : { kind: "unlink", link, merged: false };
    case "create":
      return link.origin === "created" ? { kind: "keep", link } : { kind: "unlink", link, merged: false };
    default:
      return assertNever(answer.answer);
  }
}

function unlinkedIntent({ answer, joinTarget, previous, inScope, leftOut, hasKey, ignoredBy }: IntentFacts): Intent {
  if (answer)
    switch (answer.answer.kind) {
      case "ignore":
        return { kind: "rest", disposition: { kind: "ignored", by: answer.who } };
      case "link":
        return { kind: "adopt", organizationId: answer.answer.organizationId, by: answer.who };
      case "join":
        return joinTarget === undefined
          ? waitForJoin(answer.answer.with)
          : { kind: "adopt", organizationId: joinTarget, by: answer.who };
      case "create":
        return { kind: "create", by: answer.who };
      default:
        return assertNever(answer.answer);
    }
  if (ignoredBy !== undefined) return { kind: "rest", disposition: { kind: "ignored", by: ignoredBy } };
  if (leftOut) return { kind: "rest", disposition: { kind: "out-of-scope", because: "project" } };
  if (!inScope && !hasKey) return outOfScope;
  if (previous?.kind === "parked" && previous.reason === "deleted-in-zendesk")
    return { kind: "rest", disposition: previous };
  return { kind: "match", evidence: inScope ? "all" : "key" };
}

function waitForJoin(party: { kind: "customer" | "vendor"; id: string }): Intent {
  const name = `${party.kind}:${party.id}`;
  return {
    kind: "rest",
    disposition: {
      kind: "parked",
      reason: "several-parties",
      says: `It is to join the organization of ${name}, which has none yet.`,
      candidates: [],
      waitsFor: [`party:${name}`],
    },
  };
}
