import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isRecord, type JsonRecord } from "../../src/json.ts";

/** Recordings of the real system by others; they are not part of this repository, and tests that need them say so and skip. */
const folder =
  process.env["ML_CONNECTOR_FIXTURES"] ?? fileURLToPath(new URL("../../../../../shared/fixtures", import.meta.url));

export const hasFixtures = existsSync(join(folder, "qbo-exquickbooks"));
export const skipMessage = hasFixtures ? "" : " (skipped: no recordings; set ML_CONNECTOR_FIXTURES to their folder)";

export function fixtureText(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

export function fixtureFiles(path: string): string[] {
  return readdirSync(join(folder, path)).sort((a, b) => (a < b ? -1 : 1));
}

export function fixtureJson(path: string): JsonRecord {
  const value: unknown = JSON.parse(fixtureText(path));
  if (!isRecord(value)) throw new Error(`${path} holds no object`);
  return value;
}

export const schemaFolder = join(folder, "qbo-xsd", "PHP");
