import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const beside = fileURLToPath(new URL("../../../../../shared/fixtures", import.meta.url));

/** Where recordings of the real product lie: ML_CONNECTOR_FIXTURES, or beside the checkout. They are no part of the project. */
export const fixtures: string | undefined = [process.env.ML_CONNECTOR_FIXTURES, beside].find(
  (path) => path !== undefined && existsSync(path),
);

export const whereFixtures = fixtures === undefined ? " (skipped: no fixtures; set ML_CONNECTOR_FIXTURES)" : "";

export interface Exchange {
  file: string;
  method: string;
  path: string;
  query: string;
  request: unknown;
  status: number;
  headers: Record<string, string>;
  response: unknown;
}

/** The exchanges of one folder, file by file in their order. */
export function readExchanges(folder: string): Exchange[] {
  if (fixtures === undefined) return [];
  const path = join(fixtures, folder);
  return readdirSync(path)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) =>
      (JSON.parse(readFileSync(join(path, file), "utf8")) as Exchange[]).map((exchange) => ({ ...exchange, file })),
    );
}

export function readFixture(path: string): string {
  return readFileSync(join(fixtures ?? "", path), "utf8");
}
