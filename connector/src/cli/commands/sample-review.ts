// What tests of the commands answer for many: one party that waits, one batch, one rule.
import { type PartyKey, parseOrganizationId } from "../../domain/index.ts";
import type { BulkRule, IgnoreRule } from "../../sync/links/index.ts";
import type { Application } from "../application.ts";

const heron: PartyKey = { kind: "customer", id: "31" };
const vip = parseOrganizationId(35_436_000_000_009);

export function sampleReview(): Pick<Application, "review" | "proposeAnswers" | "partiesLike" | "possibleDuplicates"> {
  const stored: BulkRule[] = [];
  const rules: IgnoreRule[] = [];
  const several = new Set<number>();
  return {
    review: {
      parkedAfter: () => Promise.resolve([]),
      containerQuestions: () => Promise.resolve([]),
      storeBatch: (_, { rule }) => Promise.resolve(stored.push(rule)),
      batches: () =>
        Promise.resolve(
          stored.map((rule, place) => ({
            id: place + 1,
            rule,
            who: "jo",
            at: new Date("2026-11-22T19:00:00Z"),
            answers: 1,
            undone: undefined,
          })),
        ),
      undoBatch: (_, id) => Promise.resolve(stored.splice(id - 1, 1).length || undefined),
      ignored: () => Promise.resolve([]),
      addIgnoreRule: (_, pattern, __, who) =>
        Promise.resolve(rules.push({ id: rules.length + 1, pattern, who, at: new Date("2026-11-22T19:00:00Z") })),
      endIgnoreRule: (_, id) => Promise.resolve(rules.splice(id - 1, 1).length > 0),
      sayOfSeveralClients: (_, { id, several: holds }) => {
        const changed = several.has(id) !== holds;
        if (holds) several.add(id);
        else several.delete(id);
        return Promise.resolve(changed);
      },
      listSeveralClients: () =>
        Promise.resolve(
          [...several].map((id) => ({ organizationId: parseOrganizationId(id), name: "VIP", who: "jo" })),
        ),
      nearGroups: () => Promise.resolve([]),
      notDuplicates: () => Promise.resolve([]),
      sayNotDuplicate: () => Promise.resolve(),
    },
    proposeAnswers: (_, rule) =>
      Promise.resolve({
        rule,
        answers:
          rule.filter.name === "nobody"
            ? []
            : [
                {
                  party: heron,
                  displayName: "Heron Gardens",
                  answer: { kind: "link", organizationId: vip },
                  organization: "VIP",
                },
              ],
        shared: [],
      }),
    partiesLike: () => Promise.resolve([{ party: heron, displayName: "Heron Gardens" }]),
    possibleDuplicates: () =>
      Promise.resolve({
        found: [
          {
            score: 0.912,
            organizationId: parseOrganizationId(35_436_000_000_001),
            name: "Heron Gardens",
            party: heron,
            other: { organizationId: vip, name: "Herons Gardens", party: undefined },
          },
        ],
        more: false,
      }),
  };
}
