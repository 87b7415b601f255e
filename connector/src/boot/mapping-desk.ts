import type { MappingDesk } from "../cli/mapping-desk.ts";
import type { MappingVersion } from "../connections/ports.ts";
import {
  type ConnectionId,
  type MappingDocument,
  type MappingProblem,
  OperatorError,
  RemoteFailure,
} from "../domain/index.ts";
import { checkMapping, compileMapping, noteField, presets, succeed } from "../rules/mapping/index.ts";
import { mapParty, type PlanPorts, type ProposedPlan, passOf } from "../sync/reconcile/index.ts";
import type { createPlanDesk } from "./plan-desk.ts";
import type { Stores } from "./stores.ts";

/** Mappings of a connection: looked at, checked, tried on single cards, and saved as a version with a plan. */
export function createMappingDesk(
  ports: PlanPorts,
  stores: Stores,
  planDesk: Pick<ReturnType<typeof createPlanDesk>, "proposeChange">,
): MappingDesk {
  async function subdomainOf(connectionId: ConnectionId) {
    const connection = await stores.connections.read(connectionId);
    if (!connection) throw new OperatorError(`There is no connection ${connectionId}. See: ml-connector status`);
    return connection.subdomain;
  }

  /** The account's own fields; undefined where it cannot be asked now: then what is wrong with them shows when they are needed. */
  async function accountFields(connectionId: ConnectionId) {
    try {
      return await ports.writers.bulk.listFields(await subdomainOf(connectionId));
    } catch (fault) {
      if (fault instanceof RemoteFailure) return undefined;
      throw fault;
    }
  }

  async function versions(connectionId: ConnectionId): Promise<{ inForce: number; versions: MappingVersion[] }> {
    await subdomainOf(connectionId);
    const { version } = await stores.mappings.current(connectionId);
    return { inForce: version, versions: await stores.mappings.list(connectionId) };
  }

  return {
    versions,
    presets: () => presets,

    async check(connectionId, json) {
      const fields = await accountFields(connectionId);
      const checked = checkMapping(json, fields);
      const comparedWith = fields && (await subdomainOf(connectionId));
      return "problems" in checked
        ? { document: undefined, problems: checked.problems, comparedWith }
        : { document: checked.document, problems: [], comparedWith };
    },

    async preview(connectionId, party, candidate) {
      const all = await stores.ownership.connections(await subdomainOf(connectionId));
      const own = all.find(({ id }) => id === connectionId);
      if (!own)
        throw new OperatorError(`Connection ${connectionId} is paused or was never loaded. See: ml-connector status`);
      const { document } = candidate ? { document: candidate } : await stores.mappings.current(connectionId);
      const over = candidate ? { ...own, mapping: compileMapping(await retiring(connectionId, candidate)) } : own;
      const mapped = await mapParty(ports, passOf(ports, all, over), party);
      if (!mapped) return undefined;
      return {
        organizationId: mapped.organization?.id,
        titles: new Map([
          ...document.rows.map(({ target }): [string, string] => [target.key, target.title]),
          [noteField.key, "Notes (our block)"],
        ]),
        now: mapped.organization?.fields ?? {},
        wanted: mapped.wanted,
        faults: mapped.faults,
      };
    },

    async save(connectionId, document, { who, note }) {
      const checked = checkMapping(document, await accountFields(connectionId));
      if ("problems" in checked) throw new OperatorError(`This mapping cannot be used: ${sentences(checked.problems)}`);
      const next = await retiring(connectionId, checked.document);
      const version = await stores.mappings.save(connectionId, next, who, note);
      const { inForce } = await versions(connectionId);
      const plan: ProposedPlan | undefined =
        version === inForce ? undefined : await planDesk.proposeChange(connectionId, { kind: "mapping", version });
      return { version, plan };
    },
  };

  /** Whatever any version has written, applied whole or in part, is cleared where this one does not name it. */
  async function retiring(connectionId: ConnectionId, document: MappingDocument): Promise<MappingDocument> {
    const before = await stores.mappings.list(connectionId);
    return before.reduce((next, earlier) => succeed(earlier.document, next), document);
  }
}

function sentences(problems: readonly MappingProblem[]): string {
  return problems
    .map(({ at, line, column, says, suggestion }) => {
      const place = line === undefined ? at : `${at} ${line}:${column}`;
      return `${place}: ${says}${suggestion === undefined ? "" : ` Did you mean ${suggestion}?`}`;
    })
    .join(" ");
}
