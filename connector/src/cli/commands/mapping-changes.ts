import { readFile, stat, writeFile } from "node:fs/promises";
import { mappingChecked, mappingExported, mappingSaved } from "@ml-connector/contract";
import type { Command } from "commander";
import { type ConnectionId, type MappingDocument, OperatorError } from "../../domain/index.ts";
import { planView, problemView } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { checkedText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { approvalText, planWithNames } from "./approve-and-load.ts";

export interface CandidateOptions {
  file?: string;
  preset?: string;
}

/** A mapping is some kilobytes; a wrong path must not read a disk image into memory. */
const longestFile = 1_000_000;

/** What leads to another version: each is kept, and its plan waits for approval. */
export function registerMappingChanges(mapping: Command, session: Session): void {
  const shared = (command: Command) => command.addOption(connectionOption()).addOption(jsonOption());
  const noted = (command: Command) => shared(command).option("--note <text>", "why, for the history");
  shared(mapping.command("check"))
    .description("everything that is wrong with a mapping file; nothing is stored")
    .argument("<file>", "a JSON file")
    .action((file: string, options: SharedOptions) => check(session, file, options));
  noted(mapping.command("set"))
    .description("keep a mapping as a new version and plan what it would change")
    .argument("[file]", "a JSON file")
    .option("--preset <name>", "one of `mapping presets`")
    .action((file: string | undefined, options: ChangeOptions & { preset?: string }) =>
      change(session, options, (application, id) =>
        candidateOf(application, id, { ...options, ...(file === undefined ? {} : { file }) }),
      ),
    );
  noted(mapping.command("import"))
    .description("the same for a file of `mapping export`: from a sandbox to production, or from git")
    .argument("<file>", "a JSON file")
    .action((file: string, options: ChangeOptions) =>
      change(session, options, (application, id) => candidateOf(application, id, { file })),
    );
  noted(mapping.command("restore"))
    .description("keep an older version as the newest one and plan what that would change")
    .argument("<version>", "its number in `mapping history`", wholeNumber({ from: 1, to: 1_000_000_000 }))
    .action((version: number, options: ChangeOptions) =>
      change(session, { note: `version ${version} again`, ...options }, (application, id) =>
        olderVersion(application, id, version),
      ),
    );
  shared(mapping.command("export"))
    .description("write the mapping in force to a file")
    .argument("<file>", "where to; what is there is replaced")
    .action((file: string, options: SharedOptions) => exportTo(session, file, options));
}

interface ChangeOptions extends SharedOptions {
  note?: string;
}

async function check(session: Session, file: string, { connection }: SharedOptions): Promise<void> {
  const { terminal } = session;
  const json = await readJson(file);
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, connection);
    const { problems, comparedWith } = await application.mapping.check(id, json);
    if (problems.length > 0) terminal.endWith(1);
    terminal.report(
      mappingChecked,
      { file, problems: problems.map(problemView), comparedWith: comparedWith ?? null },
      checkedText,
    );
  });
}

async function change(
  session: Session,
  options: ChangeOptions,
  read: (application: Application, id: ConnectionId) => Promise<MappingDocument>,
): Promise<void> {
  const { terminal, who } = session;
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, options.connection);
    const document = await read(application, id);
    const { version, plan } = await application.mapping.save(id, document, { who, note: options.note });
    const drawn = plan && (await planWithNames(terminal, application, id, planView(plan)));
    terminal.report(mappingSaved, { connectionId: id, version, plan: plan ? planView(plan) : null }, () =>
      drawn === undefined
        ? `This is mapping ${version}, and it is in force already: nothing changes.`
        : `Mapping ${version} is kept. It changes nothing before its plan is approved.\n\n${drawn}\n\n${approvalText({ approved: false, load: null }, id, terminal)}`,
    );
  });
}

/** The mapping that a person means, checked. Throws OperatorError with everything that is wrong with it. */
export async function candidateOf(
  application: Pick<Application, "mapping">,
  id: ConnectionId,
  { file, preset }: CandidateOptions,
): Promise<MappingDocument> {
  if ((file === undefined) === (preset === undefined))
    throw new OperatorError("Name either a file or a preset. For presets: ml-connector mapping presets");
  if (preset !== undefined) {
    const found = application.mapping.presets().find(({ name }) => name === preset);
    if (!found) {
      const names = application.mapping.presets().map(({ name }) => name);
      throw new OperatorError(`There is no preset ${preset}. There are: ${names.join(", ")}.`);
    }
    return found.document;
  }
  const name = file ?? "";
  const { document, problems, comparedWith } = await application.mapping.check(id, await readJson(name));
  if (!document)
    throw new OperatorError(
      checkedText({ file: name, problems: problems.map(problemView), comparedWith: comparedWith ?? null }),
    );
  return document;
}

async function olderVersion(
  application: Pick<Application, "mapping">,
  id: ConnectionId,
  wanted: number,
): Promise<MappingDocument> {
  const { versions } = await application.mapping.versions(id);
  const found = versions.find(({ version }) => version === wanted);
  if (!found) throw new OperatorError(`Connection ${id} has no mapping ${wanted}. See: ml-connector mapping history`);
  return found.document;
}

async function exportTo(session: Session, file: string, { connection }: SharedOptions): Promise<void> {
  const { terminal } = session;
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, connection);
    const { inForce, versions } = await application.mapping.versions(id);
    const found = versions.find(({ version }) => version === inForce);
    if (!found) throw new OperatorError(`Connection ${id} has no mapping yet. See: ml-connector status`);
    // What this connection has to clear is nothing to another one.
    const { retired: _retired, ...document } = found.document;
    await writeFile(file, `${JSON.stringify({ ...document, retired: [] }, undefined, 2)}\n`);
    terminal.report(
      mappingExported,
      { connectionId: id, version: inForce, file },
      () => `Mapping ${inForce} of connection ${id} stands in ${file}.`,
    );
  });
}

async function readJson(file: string): Promise<unknown> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
  if (size === undefined) throw new OperatorError(`There is no file ${file}.`);
  if (size > longestFile) throw new OperatorError(`${file} is too large for a mapping: ${size} bytes.`);
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (fault) {
    throw new OperatorError(`${file} is no JSON: ${fault instanceof Error ? fault.message : String(fault)}`, {
      cause: fault,
    });
  }
}
