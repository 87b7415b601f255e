import { type PartyKind, parseOrganizationId, partyKeyText } from "../../../domain/index.ts";
import type { BulkRule } from "../../../sync/links/index.ts";
import { batchView, bulkView, duplicateViews, ignoreListView, ignoreRuleView } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import type { OperatorApplication } from "../ports.ts";
import { notFound, Refusal } from "../refusal.ts";
import { requirePaired } from "../require.ts";

export type ReviewManyCalls = Calls<
  | "listContainers"
  | "answerMany"
  | "listBatches"
  | "undoBatch"
  | "listIgnored"
  | "ignoreNames"
  | "endIgnoreRule"
  | "listSeveralClients"
  | "saySeveralClients"
  | "listDuplicates"
  | "dismissDuplicates"
>;

const mostBatches = 100;
const mostContainers = 1_000;

export function reviewManyCalls(application: OperatorApplication): ReviewManyCalls {
  const { review, links } = application;

  return {
    async listContainers({ connection: { id } }) {
      const questions = await review.containerQuestions(id, mostContainers);
      const containers = questions.map(({ examples, ...question }) => ({
        ...question,
        examples: examples.map(({ party, displayName }) => ({ party: partyKeyText(party), displayName })),
      }));
      return { connectionId: id, containers };
    },

    async answerMany({ connection, body, caller }) {
      const paired = requirePaired(connection);
      const proposal = await application.proposeAnswers(paired, ruleOf(body.rule));
      if (!body.apply || proposal.answers.length === 0) return bulkView(paired.id, proposal, null);
      const { rule, answers } = proposal;
      const batch = await review.storeBatch(paired.id, { rule, answers, who: caller.name });
      if (batch === undefined)
        throw new Refusal(409, "conflict", "Somebody answered for one of them meanwhile. Nothing was stored.", {
          whatToDo: "Look again.",
        });
      return bulkView(paired.id, proposal, batch);
    },

    async listBatches({ connection: { id } }) {
      return { connectionId: id, batches: (await review.batches(id, mostBatches)).map(batchView) };
    },

    async undoBatch({ connection: { id }, params, caller }) {
      const answers = await review.undoBatch(id, params.batchId, caller.name);
      if (answers === undefined) throw notFound(`There is no batch ${params.batchId} that stands.`);
      return { connectionId: id, batch: params.batchId, answers };
    },

    async listIgnored({ connection: { id }, query: { limit } }) {
      const [rules, parties] = await Promise.all([links.ignoreRules(id), review.ignored(id, limit + 1)]);
      return ignoreListView(id, { rules, parties, limit });
    },

    async ignoreNames({ connection: { id }, body, caller }) {
      const pattern: { name: string; kind?: PartyKind } = {
        name: body.name,
        ...(body.kind ? { kind: body.kind } : {}),
      };
      const affected = await application.partiesLike(id, pattern);
      const parties = affected.map(({ party }) => party);
      const linked = (await links.linksOf(id, parties)).length;
      const rule = body.apply ? await review.addIgnoreRule(id, pattern, parties, caller.name) : null;
      return ignoreRuleView(id, pattern, { rule, affected, linked });
    },

    async endIgnoreRule({ connection: { id }, params, caller }) {
      if (!(await review.endIgnoreRule(id, params.ruleId, caller.name)))
        throw notFound(`There is no rule ${params.ruleId} that stands.`);
      return { connectionId: id, rule: params.ruleId };
    },

    async listSeveralClients({ connection }) {
      const { id, subdomain } = requirePaired(connection);
      return { connectionId: id, organizations: await review.listSeveralClients(subdomain) };
    },

    async saySeveralClients({ connection, params, body: { several }, caller }) {
      const { id, subdomain } = requirePaired(connection);
      const organizationId = parseOrganizationId(params.organizationId);
      if (several && (await application.organization(subdomain, organizationId)) === undefined)
        throw new Refusal(409, "refused", `Zendesk has no organization ${organizationId}.`);
      if (several && (await links.linksTo(subdomain, [organizationId])).length > 0)
        throw new Refusal(
          409,
          "refused",
          `Organization ${organizationId} shows a client already: that has to end first.`,
        );
      // Said twice is said once.
      await review.sayOfSeveralClients(id, { id: organizationId, several }, caller.name);
      return { connectionId: id, organizations: await review.listSeveralClients(subdomain) };
    },

    async listDuplicates({ connection: { id }, query }) {
      const { found, more } = await application.possibleDuplicates(id, query.limit);
      return { connectionId: id, pairs: duplicateViews(id, found), more };
    },

    async dismissDuplicates({ connection: { id }, body, caller }) {
      const [one, other] = body.organizations;
      if (one === other) throw new Refusal(409, "refused", "Name two organizations.");
      await review.sayNotDuplicate(id, [parseOrganizationId(one), parseOrganizationId(other)], caller.name);
      return { connectionId: id, organizations: [one, other] };
    },
  };
}

type AskedRule = Parameters<ReviewManyCalls["answerMany"]>[0]["body"]["rule"];

function ruleOf({ answer, reason, kind, name, organizationId, candidates, sameDomain }: AskedRule): BulkRule {
  return {
    answer,
    filter: {
      ...(reason ? { reason } : {}),
      ...(kind ? { kind } : {}),
      ...(name ? { name } : {}),
      ...(organizationId ? { organizationId: parseOrganizationId(organizationId) } : {}),
      ...(candidates ? { candidates } : {}),
      ...(sameDomain ? { sameDomain } : {}),
    },
  };
}
