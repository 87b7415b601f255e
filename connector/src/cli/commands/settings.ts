import { type SettingsResult, settingsResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { isPlanned, settingsJson } from "../../connections/index.ts";
import { type Json, OperatorError } from "../../domain/index.ts";
import { planSummaryRow, planView } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { connectionOption, jsonOption, type SharedOptions } from "../arguments.ts";
import { chooseConnection } from "../choose-connection.ts";
import { layoutOf, settingsText } from "../output/index.ts";
import type { Session } from "../session.ts";
import { planWithNames } from "./approve-and-load.ts";

export function registerSettings(program: Command, session: Session): void {
  const settings = program.command("settings").description("the settings of a connection");
  settings
    .command("show")
    .description("show them")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) => session.withApplication((application) => show(session, application, options)));
  settings
    .command("set")
    .description("change one: at once, or by a plan where it touches many organizations")
    .argument("<key>", "its name, as settings show has it")
    .argument("<value>", "its new value")
    .addOption(connectionOption())
    .addOption(jsonOption())
    .action((key: string, value: string, options: SharedOptions) =>
      session.withApplication((application) => set(session, application, { key, value }, options)),
    );
}

async function show({ terminal }: Session, application: Application, options: SharedOptions): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const result = await resultOf(application, id, null);
  terminal.report(settingsResult, result, () => settingsText(result, layoutOf(terminal)));
}

async function set(
  { terminal }: Session,
  application: Application,
  { key, value }: { key: string; value: string },
  options: SharedOptions,
): Promise<void> {
  const { id } = await chooseConnection(application.connections, options.connection);
  const plan = await application.planDesk.changeSettings(id, { [key]: readValue(value) });
  if (!plan) {
    const result = await resultOf(application, id, null);
    terminal.report(settingsResult, result, () => `${key} is ${value} from now on.`);
    return;
  }
  terminal.show(`${await planWithNames(terminal, application, id, planView(plan))}\n`);
  const result = await resultOf(application, id, planSummaryRow(plan));
  terminal.report(
    settingsResult,
    result,
    () => `Nothing changes before this plan is applied: ml-connector apply ${plan.id} --connection ${id}`,
  );
}

/** Numbers and yes/no as such; an amount is a text of digits, and stays one. */
function readValue(text: string): Json {
  if (text === "true" || text === "yes") return true;
  if (text === "false" || text === "no") return false;
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

async function resultOf(
  application: Application,
  id: SettingsResult["connectionId"],
  plan: SettingsResult["plan"],
): Promise<SettingsResult> {
  const connection = (await application.connections.list()).find((each) => each.id === id);
  if (!connection) throw new OperatorError(`There is no connection ${id}.`);
  const settings = settingsJson(connection.settings);
  return { connectionId: id, settings, planned: Object.keys(settings).filter(isPlanned), plan };
}
