import { invitedOperator, type OperatorView, operatorList, operatorResult } from "@ml-connector/contract";
import type { Command } from "commander";
import { addOperator, changeOperator, inviteAgain } from "../../access/index.ts";
import { OperatorError } from "../../domain/index.ts";
import { oneLine, operatorView } from "../../views/index.ts";
import type { Application } from "../application.ts";
import { jsonOption } from "../arguments.ts";
import { type Layout, layoutOf, table } from "../output/index.ts";
import type { Session } from "../session.ts";
import { grantsOf, type RoleOptions, rolesOption, scopeOption, scopeWords } from "./role-options.ts";

export function registerOperators(program: Command, session: Session): void {
  const { terminal } = session;
  const operators = program
    .command("operators")
    .description("people who may sign in to the operator API, and their roles");
  const emailHelp = "the e-mail address that they sign in with";

  operators
    .command("list")
    .description("everybody who may sign in")
    .addOption(jsonOption())
    .action(() =>
      session.withApplication(async ({ access }) => {
        const view = { operators: (await access.operators.list()).map(operatorView) };
        terminal.report(operatorList, view, (shown) => operatorsText(shown.operators, layoutOf(terminal)));
      }),
    );

  operators
    .command("add")
    .description("add somebody; prints the address where they choose their password, which you hand on")
    .argument("<email>", emailHelp)
    .requiredOption("--name <name>", "as the journal shows it")
    .addOption(rolesOption().makeOptionMandatory())
    .addOption(scopeOption())
    .addOption(jsonOption())
    .action((email: string, options: RoleOptions & { name: string }) =>
      session.withApplication(async ({ access }) => {
        const invited = await addOperator(
          { email, name: options.name, grants: grantsOf(options) },
          session.who,
          access,
        );
        reportInvited(session, invited);
      }),
    );

  operators
    .command("invite")
    .description("a new address for somebody who has no password, or forgot it; the one before is void")
    .argument("<email>", emailHelp)
    .addOption(jsonOption())
    .action((email: string) =>
      session.withApplication(async ({ access }) => {
        reportInvited(session, await inviteAgain(await idOf(access, email), session.who, access));
      }),
    );

  operators
    .command("role")
    .description("give somebody this role in place of those they had; their sessions end")
    .argument("<email>", emailHelp)
    .addOption(rolesOption().makeOptionMandatory())
    .addOption(scopeOption())
    .addOption(jsonOption())
    .action((email: string, options: RoleOptions) => change(email, { grants: grantsOf(options) }));

  for (const [name, disabled, says] of [
    ["disable", true, "let somebody sign in no more; their sessions end"],
    ["enable", false, "let somebody sign in again"],
  ] as const)
    operators
      .command(name)
      .description(says)
      .argument("<email>", emailHelp)
      .addOption(jsonOption())
      .action((email: string) => change(email, { disabled }));

  function change(email: string, what: Parameters<typeof changeOperator>[1]): Promise<void> {
    return session.withApplication(async ({ access }) => {
      const operator = operatorView(await changeOperator(await idOf(access, email), what, session.who, access));
      terminal.report(operatorResult, { operator }, (shown) => operatorsText([shown.operator], layoutOf(terminal)));
    });
  }
}

async function idOf(access: Application["access"], email: string): Promise<number> {
  const wanted = email.trim().toLowerCase();
  const found = (await access.operators.list()).find((operator) => operator.email.toLowerCase() === wanted);
  if (!found) throw new OperatorError(`Nobody signs in as ${oneLine(email)}. See: ml-connector operators list`);
  return found.id;
}

function reportInvited({ terminal }: Session, invited: Awaited<ReturnType<typeof addOperator>>): void {
  const view = { operator: operatorView(invited.operator), invitation: invited.invitation };
  terminal.report(
    invitedOperator,
    view,
    ({ operator, invitation }) =>
      `For three days, and once, ${oneLine(operator.name)} chooses a password at:\n${invitation}\nWhoever has this address can do it: hand it on safely.`,
  );
}

function operatorsText(operators: readonly OperatorView[], layout: Layout): string {
  if (operators.length === 0)
    return "Nobody can sign in. Add somebody: ml-connector operators add EMAIL --name NAME --role admin";
  const rows = operators.map(({ email, name, grants, state }) => [
    email,
    name,
    state,
    grants
      .map(({ role, connectionId }) => `${role} ${scopeWords(connectionId === null ? null : [connectionId])}`)
      .join(", "),
  ]);
  return table(
    [{ head: "E-mail", whole: true }, { head: "Name" }, { head: "State", whole: true }, { head: "May" }],
    rows,
    layout,
  );
}
