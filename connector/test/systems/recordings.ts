// Public recordings of the real systems, where the machine has them; never part of the project.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["ML_CONNECTOR_FIXTURES"] ?? join(import.meta.dirname, "../../../../shared/fixtures");

/** Undefined, said once on the terminal, where the recordings are absent: then their tests are skipped. */
export function recording(path: string): unknown {
  const file = join(folder, path);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  process.stderr.write(`skipped: the recording ${path} is not on this machine\n`);
  return undefined;
}

/** One exchange in the neutral form of the recordings. */
export interface Exchange {
  method: string;
  path: string;
  request: Record<string, unknown> | null;
  status: number;
  headers: Record<string, string>;
  response: unknown;
}
