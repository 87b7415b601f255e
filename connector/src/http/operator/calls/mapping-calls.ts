import type { MappingCandidate } from "@ml-connector/contract";
import { type ConnectionId, type MappingDocument, parsePartyKey, partyKeyText } from "../../../domain/index.ts";
import {
  historyView,
  knownParties,
  mappingView,
  planSummaryRow,
  previewView,
  problemView,
} from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import type { OperatorApplication } from "../ports.ts";
import { notFound, Refusal } from "../refusal.ts";
import type { Tasks } from "../tasks.ts";
import { begin } from "./task-calls.ts";

export type MappingCalls = Calls<
  | "readMapping"
  | "listMappings"
  | "readMappingVersion"
  | "listMappingPresets"
  | "checkMapping"
  | "previewMapping"
  | "saveMapping"
>;

export function mappingCalls(application: OperatorApplication, tasks: Tasks): MappingCalls {
  const desk = application.mapping;

  async function versionOf(id: ConnectionId, wanted: number | undefined) {
    const { inForce, versions } = await desk.versions(id);
    const version = wanted ?? inForce;
    const found = versions.find((each) => each.version === version);
    if (!found) throw notFound(`Connection ${id} has no mapping ${version}.`);
    return { inForce, found };
  }

  /** The document that is meant, checked. Throws Refusal with everything that is wrong with it. */
  async function documentOf(id: ConnectionId, candidate: MappingCandidate): Promise<MappingDocument> {
    if ("version" in candidate) return (await versionOf(id, candidate.version)).found.document;
    if ("preset" in candidate) {
      const preset = desk.presets().find(({ name }) => name === candidate.preset);
      if (!preset) throw notFound("There is no such preset.");
      return preset.document;
    }
    const { document, problems } = await desk.check(id, candidate.document);
    if (document) return document;
    throw new Refusal(400, "malformed", "This mapping cannot be used.", {
      problems: problems.map(({ at, line, column, says, suggestion }) => ({
        at: line === undefined ? at : `${at}:${line}:${column ?? 1}`,
        says: suggestion === undefined ? says : `${says} ${suggestion}`,
      })),
    });
  }

  return {
    async readMapping({ connection: { id } }) {
      const { inForce, found } = await versionOf(id, undefined);
      return mappingView(id, inForce, found);
    },

    listMappings: async ({ connection: { id } }) => historyView(id, await desk.versions(id)),

    async readMappingVersion({ connection: { id }, params }) {
      const { inForce, found } = await versionOf(id, params.version);
      return mappingView(id, inForce, found);
    },

    async listMappingPresets() {
      return {
        presets: desk.presets().map(({ name, says, document }) => ({
          name,
          says,
          fields: document.rows.length,
          note: document.note !== undefined,
        })),
      };
    },

    async checkMapping({ connection: { id }, body }) {
      const { problems, comparedWith } = await desk.check(id, body.document);
      return { problems: problems.map(problemView), comparedWith: comparedWith ?? null };
    },

    async previewMapping({ connection: { id }, body }) {
      const [known] = await knownParties(application, id, [parsePartyKey(body.party)]);
      if (!known) throw notFound(`The company has no ${body.party}, or it has not been read yet.`);
      const candidate = body.mapping && (await documentOf(id, body.mapping));
      const card = await desk.preview(id, known.party, candidate);
      if (!card) throw notFound(`${body.party} is not in our copy of the company any more.`);
      const asked = { connectionId: id, party: partyKeyText(known.party), displayName: known.displayName };
      return previewView(asked, card);
    },

    async saveMapping({ connection: { id }, body, caller, requestKey }) {
      const document = await documentOf(id, body.mapping);
      return begin(tasks, { id, kind: "mapping", caller, body, requestKey }, async () => {
        const { version, plan } = await desk.save(id, document, { who: caller.name, note: body.note });
        return { connectionId: id, version, plan: plan ? planSummaryRow(plan) : null };
      });
    },
  };
}
