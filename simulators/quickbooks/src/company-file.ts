import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CompanyFileError } from "./company/index.ts";

/** Reads a company file, or `company.json` in a folder. Says in one line what is wrong with it. */
export function readCompanyFile(path: string): unknown {
  let file = path;
  try {
    if (statSync(path).isDirectory()) file = join(path, "company.json");
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new CompanyFileError(`${file} is not JSON (${error.message})`);
    throw new CompanyFileError(`${file} cannot be read (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}
