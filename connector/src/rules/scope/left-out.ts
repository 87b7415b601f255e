import type { Families, Party } from "../../domain/index.ts";

/** Is whose card this would be a project, where projects neither have a card nor count in that of their customer? */
export function isLeftOut(top: Pick<Party, "isProject">, families: Families): boolean {
  return families === "without-projects" && top.isProject;
}
