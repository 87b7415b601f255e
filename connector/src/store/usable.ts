import { sql } from "kysely";
import { OperatorError } from "../domain/index.ts";
import type { Database } from "./database.ts";

/** The oldest major that its makers still support. */
const oldestMajor = 15;

/** Asks the first question of a start, and refuses a server that cannot be used, in one sentence. */
export async function refuseOldServer(database: Database): Promise<void> {
  let answer: { version: string; encoding: string } | undefined;
  try {
    const { rows } = await sql<{ version: string; encoding: string }>`
      select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`.execute(
      database,
    );
    answer = rows[0];
  } catch (error) {
    throw explainUnusable(error) ?? error;
  }
  const major = Math.floor(Number(answer?.version) / 10_000);
  if (major < oldestMajor) {
    throw new OperatorError(`The database runs PostgreSQL ${major}; ml-connector needs ${oldestMajor} or newer.`);
  }
  if (answer?.encoding !== "UTF8") {
    throw new OperatorError(
      `The database stores texts as ${answer?.encoding}; ml-connector needs UTF8. Make one: create database ml_connector encoding 'UTF8' template template0.`,
    );
  }
}

const sentences: Record<string, string> = {
  ECONNREFUSED: "nothing answers at its address",
  ENOENT: "nothing answers at its socket",
  ENOTFOUND: "its host name is unknown",
  EAI_AGAIN: "its host name cannot be looked up now",
  ETIMEDOUT: "it does not answer",
  EHOSTUNREACH: "its host cannot be reached",
  ECONNRESET: "it ended the connection",
  // SQLSTATE, PostgreSQL appendix A.
  "28P01": "it refuses the user name or the password",
  "28000": "it does not let this user in from here",
  "3D000": "there is no database of that name",
  "53300": "it has no connection left",
  "57P03": "it is starting or stopping",
  "42501":
    "its user may not create tables there (grant create on schema public, and create on the database for the job queue)",
};

/** Why a database cannot be used, for the operator; undefined when the fault is another one. Holds no part of the URL. */
export function explainUnusable(error: unknown): OperatorError | undefined {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  const says = code === undefined ? undefined : sentences[code];
  if (says !== undefined)
    return new OperatorError(`The database cannot be used: ${says}. Check DATABASE_URL.`, { cause: error });
  // pg's pool gives its own time-out no code.
  if (error instanceof Error && error.message.startsWith("timeout exceeded when trying to connect")) {
    return new OperatorError("The database cannot be used: it does not answer. Check DATABASE_URL.", { cause: error });
  }
  return undefined;
}
