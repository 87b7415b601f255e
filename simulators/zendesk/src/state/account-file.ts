import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A path that cannot be read as an account, said in one line with what to do. */
export class AccountFileProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AccountFileProblem";
  }
}

/** The content of an account file; a folder holds one as `account.json`. */
export function readAccountFile(account: object | string | undefined): object {
  if (account === undefined) return {};
  if (typeof account !== "string") return account;
  let text: string;
  try {
    const path = statSync(account).isDirectory() ? join(account, "account.json") : account;
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new AccountFileProblem(
      `cannot read the account file ${account} (${error instanceof Error ? error.message : "unreadable"}): give --account the path of a JSON file`,
    );
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    throw new AccountFileProblem(
      `the account file ${account} is not JSON (${error instanceof Error ? error.message : "unreadable"}): correct it and start again`,
    );
  }
  throw new AccountFileProblem(`the account file ${account} must hold a JSON object with organizations, users ...`);
}
