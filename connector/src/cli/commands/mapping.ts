import { mappingHistory, mappingPresets, mappingPreview, mappingShown } from "@ml-connector/contract";
import type { Command } from "commander";
import { type MappingDocument, OperatorError, partyKeyText } from "../../domain/index.ts";
import { findParty, historyView, mappingView, previewView } from "../../views/index.ts";
import { connectionOption, jsonOption, partyHelp, type SharedOptions, wholeNumber } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { historyText, layoutOf, mappingText, presetsText, previewText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { type CandidateOptions, candidateOf, registerMappingChanges } from "./mapping-changes.ts";

const versionNumber = wholeNumber({ from: 1, to: 1_000_000_000 });

export function registerMapping(program: Command, session: Session): void {
  const mapping = program.command("mapping").description("which organization fields are written, and from what");
  const shared = (command: Command) => command.addOption(connectionOption()).addOption(jsonOption());
  shared(mapping.command("show"))
    .description("the mapping in force, or an older version")
    .option("--number <version>", "this version", versionNumber)
    .action((options: SharedOptions & { number?: number }) => show(session, options));
  shared(mapping.command("presets"))
    .description("mappings to begin with")
    .action(() => presets(session));
  shared(mapping.command("preview"))
    .description("what a mapping makes of one customer or vendor; nothing is written")
    .argument("<party>", partyHelp)
    .option("--file <file>", "this mapping instead of the one in force")
    .option("--preset <name>", "this preset instead of the one in force")
    .action((party: string, options: SharedOptions & CandidateOptions) => preview(session, party, options));
  shared(mapping.command("history"))
    .description("all versions, newest first")
    .action((options: SharedOptions) => history(session, options));
  registerMappingChanges(mapping, session);
}

async function show(session: Session, { connection, number }: SharedOptions & { number?: number }): Promise<void> {
  const { terminal } = session;
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, connection);
    const { inForce, versions } = await application.mapping.versions(id);
    const wanted = number ?? inForce;
    const found = versions.find(({ version }) => version === wanted);
    if (!found) throw new OperatorError(`Connection ${id} has no mapping ${wanted}. See: ml-connector mapping history`);
    terminal.report(mappingShown, mappingView(id, inForce, found), (view) => mappingText(view, layoutOf(terminal)));
  });
}

async function presets(session: Session): Promise<void> {
  const { terminal } = session;
  await session.withApplication(async (application) => {
    const listed = application.mapping.presets().map(({ name, says, document }) => ({
      name,
      says,
      fields: document.rows.length,
      note: document.note !== undefined,
    }));
    terminal.report(mappingPresets, { presets: listed }, (view) => presetsText(view, layoutOf(terminal)));
  });
}

async function preview(session: Session, text: string, options: SharedOptions & CandidateOptions): Promise<void> {
  const { terminal } = session;
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, options.connection);
    const { party, displayName } = await findParty(application, id, text);
    const candidate: MappingDocument | undefined =
      options.file === undefined && options.preset === undefined
        ? undefined
        : await candidateOf(application, id, options);
    const card = await application.mapping.preview(id, party, candidate);
    if (!card) throw new OperatorError(`${partyKeyText(party)} is not in our copy of the company any more.`);
    const asked = { connectionId: id, party: partyKeyText(party), displayName };
    terminal.report(mappingPreview, previewView(asked, card), (view) => previewText(view, layoutOf(terminal)));
  });
}

async function history(session: Session, { connection }: SharedOptions): Promise<void> {
  const { terminal } = session;
  await session.withApplication(async (application) => {
    const { id } = await chooseConnection(application.connections, connection);
    const listed = historyView(id, await application.mapping.versions(id));
    terminal.report(mappingHistory, listed, (view) => historyText(view, layoutOf(terminal)));
  });
}
