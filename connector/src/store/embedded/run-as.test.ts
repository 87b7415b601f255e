import { describe, expect, it } from "vitest";
import { chooseRunAs } from "./run-as.ts";

const passwd =
  "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\npostgres:x:101:104::/:/bin/bash\nbroken line\n";
const facts = { uid: 0, hasName: true, dataOwner: undefined, passwd };

describe("who runs the built-in PostgreSQL", () => {
  it("is the user of this process, unless that is root", () => {
    expect(chooseRunAs({ ...facts, uid: 1000 })).toBeUndefined();
  });

  it("is nobody's business on a system without user ids", () => {
    expect(chooseRunAs({ ...facts, uid: undefined })).toBeUndefined();
  });

  it("is refused for a user id without a name, which initdb cannot look up", () => {
    expect(() => chooseRunAs({ ...facts, uid: 123_456, hasName: false })).toThrow(/user id 123456 has none/);
  });

  it("is postgres before nobody, and a user made for us before both", () => {
    expect(chooseRunAs(facts)?.name).toBe("postgres");
    expect(chooseRunAs({ ...facts, passwd: `${passwd}ml-connector:x:900:900::/:/bin/false\n` })?.uid).toBe(900);
    expect(chooseRunAs({ ...facts, passwd: "nobody:x:65534:65533::/:/bin/false" })).toEqual({
      name: "nobody",
      uid: 65_534,
      gid: 65_533,
    });
  });

  it("stays the owner of data that is there already, whoever is preferred now", () => {
    expect(chooseRunAs({ ...facts, dataOwner: 65_534 })?.name).toBe("nobody");
  });

  it("is refused, with what to do, when the data belongs to root or to nobody known", () => {
    expect(() => chooseRunAs({ ...facts, dataOwner: 0 })).toThrow(/belongs to user id 0/);
    expect(() => chooseRunAs({ ...facts, dataOwner: 4242 })).toThrow(/belongs to user id 4242/);
  });

  it("is refused, with what to do, when no unprivileged user exists", () => {
    expect(() => chooseRunAs({ ...facts, passwd: "root:x:0:0::/root:/bin/sh" })).toThrow(
      /useradd --system ml-connector/,
    );
  });
});
