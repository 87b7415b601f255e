import { describe, expect, it } from "vitest";
import { parseConnectionId } from "../domain/index.ts";
import { type Grant, includesRole, roleOn, roleOnDeployment, visibleOf } from "./roles.ts";

const [one, two, three] = [parseConnectionId(1), parseConnectionId(2), parseConnectionId(3)];
const grants: Grant[] = [
  { role: "viewer", connectionId: one },
  { role: "operator", connectionId: one },
  { role: "admin", connectionId: two },
];

describe("roles", () => {
  it("include what the lower ones may, and nothing of the higher ones", () => {
    expect(includesRole("operator", "viewer")).toBe(true);
    expect(includesRole("operator", "operator")).toBe(true);
    expect(includesRole("operator", "admin")).toBe(false);
    expect(includesRole(undefined, "viewer")).toBe(false);
  });

  it("hold on their own connection alone, the highest of several", () => {
    expect(roleOn(grants, one)).toBe("operator");
    expect(roleOn(grants, two)).toBe("admin");
    expect(roleOn(grants, three)).toBeUndefined();
    expect(visibleOf(grants, [{ id: one }, { id: three }])).toEqual([{ id: one }]);
  });

  it("on every connection hold for those to come, and alone for the deployment", () => {
    expect(roleOnDeployment(grants)).toBeUndefined();
    const everywhere: Grant[] = [{ role: "viewer", connectionId: undefined }, ...grants];
    expect(roleOnDeployment(everywhere)).toBe("viewer");
    expect(roleOn(everywhere, three)).toBe("viewer");
    expect(roleOn(everywhere, two)).toBe("admin");
  });
});
