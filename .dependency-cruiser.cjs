// The import rules of docs/architecture.md, as data. `scripts/check.ts` fails when this sees no modules.
const src = "^connector/src";
/** One rule: modules under `from` import, of ours, only what `may` matches. */
const only = (name, from, may, extra = {}) => ({
  name,
  severity: "error",
  from: { path: from, ...extra },
  to: { path: "^(connector|contract|simulators|scripts)/", pathNot: [from, "node_modules/", ...may] },
});
const inner = `${src}/(domain|rules)/`;
const oversight = `${src}/oversight/[a-z-]+/(index|ports)\\.ts$`;
const connections = `${src}/connections/(index|credentials/index)\\.ts$`;
const access = `${src}/access/index\\.ts$`;
const views = `${src}/views/index\\.ts$`;
/** What both systems' clients stand on. */
const systemsGround = `${src}/systems/gate\\.ts$`;
const portTypes = `${src}/.*ports\\.ts$`;
const syncIndex = (names) => `${src}/sync/(${names})/index\\.ts$`;
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true, dependencyTypesNot: ["type-only"] } },
    only("domain-imports-nothing-of-ours", `${src}/domain/`, []),
    only("rules-import-domain", `${src}/rules/`, [`${src}/domain/`]),
    only("decide-is-pure", `${src}/sync/reconcile/decide/`, [inner, `${src}/sync/(reconcile|links)/ports\\.ts$`]),
    {
      name: "pure-code-has-no-io",
      severity: "error",
      from: { path: `${src}/(domain|rules|sync/reconcile/decide)/`, pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    only("oversight", `${src}/oversight/`, [inner]),
    only("connections", `${src}/connections/`, [inner, oversight]),
    only("marks", `${src}/sync/marks/`, [inner, oversight, connections]),
    only("replica", `${src}/sync/replica/`, [inner, oversight, connections, syncIndex("marks")]),
    only("directory", `${src}/sync/directory/`, [inner, oversight, connections, syncIndex("marks")]),
    only("links", `${src}/sync/links/`, [inner, oversight, connections, syncIndex("marks|replica|directory")]),
    only("intake", `${src}/sync/intake/`, [
      inner,
      oversight,
      connections,
      syncIndex("marks|replica|directory|links"),
    ]),
    only("reconcile", `${src}/sync/reconcile/`, [
      `${src}/sync/links/ports\\.ts$`,
      inner,
      oversight,
      connections,
      syncIndex("marks|replica|directory|links"),
    ]),
    only("quickbooks-client", `${src}/systems/quickbooks/`, [`${src}/domain/`, portTypes, systemsGround]),
    only("zendesk-client", `${src}/systems/zendesk/`, [`${src}/domain/`, portTypes, systemsGround]),
    only("store", `${src}/store/`, [`${src}/domain/`, portTypes]),
    only("jobs", `${src}/jobs/`, [`${src}/domain/`, portTypes]),
    only("access", `${src}/access/`, [`${src}/domain/`]),
    only("views", `${src}/views/`, [`${src}/domain/`, oversight, connections, access, syncIndex("[^/]+"), "^contract/"]),
    only("http", `${src}/http/`, [`${src}/domain/`, oversight, connections, syncIndex("[^/]+"), views, access, "^contract/"]),
    only("cli", `${src}/cli/`, [`${src}/domain/`, oversight, connections, syncIndex("[^/]+"), views, access, "^contract/", `${src}/boot/index\\.ts$`]),
    only("contract", "^contract/", []),
    only("quickbooks-simulator", "^simulators/quickbooks/", []),
    only("zendesk-simulator", "^simulators/zendesk/", []),
    only("oracle-imports-nothing-of-ours", "^connector/test/oracle/", []),
    {
      name: "sql-stays-in-store",
      severity: "error",
      from: { path: src, pathNot: `${src}/(store|jobs)/` },
      to: { path: "node_modules/(kysely|pg|pg-boss)/" },
    },
    {
      name: "only-jobs-knows-pg-boss",
      severity: "error",
      from: { path: src, pathNot: `${src}/jobs/` },
      to: { path: "node_modules/pg-boss/" },
    },
    {
      name: "nothing-imports-boot",
      severity: "error",
      from: { path: src, pathNot: `${src}/(boot|cli)/` },
      to: { path: `${src}/boot/` },
    },
    {
      name: "product-never-imports-tests",
      severity: "error",
      from: { path: "^(connector|contract|simulators/[^/]+)/src/", pathNot: "\\.test\\.ts$" },
      to: { path: "/test/|\\.test\\.ts$|fast-check|vitest" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    moduleSystems: ["es6", "cjs"],
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
