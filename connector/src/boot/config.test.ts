import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { OperatorError } from "../domain/index.ts";
import { type Environment, readConfig } from "./config.ts";

const key = Buffer.alloc(32, 7).toString("base64url");

function environment(variables: Record<string, string>, files: Record<string, string> = {}): Environment {
  return {
    variables,
    readFile: (name) => {
      const text = files[name];
      if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return text;
    },
    platform: "linux",
    uid: 1000,
    home: "/home/ann",
  };
}

function complaints(variables: Record<string, string>, files: Record<string, string> = {}): string[] {
  try {
    readConfig(environment(variables, files));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe("the configuration", () => {
  it("needs nothing: the built-in database in the user's data folder, on this machine only", () => {
    expect(readConfig(environment({}))).toMatchObject({
      databaseUrl: undefined,
      dataFolder: "/home/ann/.local/share/ml-connector",
      host: "127.0.0.1",
      port: 8080,
      keys: undefined,
      quickbooks: { app: undefined, environment: "production", webhookVerifiers: [] },
      logLevel: "info",
    });
  });

  it("puts the data where the machine keeps it", () => {
    expect(readConfig({ ...environment({}), uid: 0 }).dataFolder).toBe("/var/lib/ml-connector");
    expect(readConfig(environment({ XDG_DATA_HOME: "/data" })).dataFolder).toBe("/data/ml-connector");
    expect(readConfig(environment({ XDG_DATA_HOME: "relative" })).dataFolder).toBe(
      "/home/ann/.local/share/ml-connector",
    );
  });

  it("reads every value, from its variable or from the file that NAME_FILE names", () => {
    const config = readConfig(
      environment(
        {
          DATABASE_URL_FILE: "/run/secrets/database",
          ML_CONNECTOR_PORT: "0",
          ML_CONNECTOR_PUBLIC_URL: "https://connector.example.com/",
          ML_CONNECTOR_KEYS: `new:${key}, old:${key}`,
          QUICKBOOKS_CLIENT_ID: "ABc",
          QUICKBOOKS_CLIENT_SECRET: "s1",
          QUICKBOOKS_WEBHOOK_VERIFIER: "v1, v2",
          QUICKBOOKS_ENVIRONMENT: "sandbox",
          ZENDESK_API_TOKEN_EMAIL: "ops@example.com",
          ZENDESK_API_TOKEN: "t1",
          ZENDESK_MARKETPLACE_NAME: "Billing",
          ZENDESK_MARKETPLACE_ORGANIZATION_ID: "1",
          ZENDESK_MARKETPLACE_APP_ID: "2",
        },
        { "/run/secrets/database": "postgresql://u:p@db/x\n" },
      ),
    );
    expect(config.databaseUrl?.reveal()).toBe("postgresql://u:p@db/x");
    expect(config.port).toBe(0);
    expect(config.publicUrl).toBe("https://connector.example.com");
    expect(config.keys?.map(({ kid }) => kid)).toEqual(["new", "old"]);
    expect(config.keys?.[0]?.key.reveal()).toHaveLength(32);
    expect(config.quickbooks.app?.clientSecret.reveal()).toBe("s1");
    expect(config.quickbooks.webhookVerifiers.map((verifier) => verifier.reveal())).toEqual(["v1", "v2"]);
    expect(config.zendesk.apiToken?.token.reveal()).toBe("t1");
    expect(config.zendesk.marketplace).toEqual({ name: "Billing", organizationId: "1", appId: "2" });
    expect(complaints({ ZENDESK_MARKETPLACE_APP_ID: "2" })).toEqual([
      "ZENDESK_MARKETPLACE_ORGANIZATION_ID is missing: ZENDESK_MARKETPLACE_APP_ID is set",
    ]);
  });

  it("lists all mistakes at once", () => {
    expect(
      complaints({
        DATABASE_URL: "mysql://db",
        ML_CONNECTOR_DATA: "data",
        ML_CONNECTOR_PORT: "80a",
        ML_CONNECTOR_KEYS: "k1:short",
        QUICKBOOKS_CLIENT_ID: "ABc",
        QUICKBOOKS_ENVIRONMENT: "staging",
        ML_CONNECTOR_LOG_LEVEL_FILE: "/nowhere",
      }),
    ).toHaveLength(7);
  });

  it("says what an unknown name was meant to be, and leaves other programs' names alone", () => {
    expect(
      complaints({
        ML_CONNECTOR_PROT: "1",
        QUICKBOOKS_CLIENTID: "x",
        ZENDESK_SUBDOMAIN: "acme",
        ML_CONNECTOR_COLOUR: "red",
      }),
    ).toEqual([
      "ML_CONNECTOR_COLOUR is unknown",
      "ML_CONNECTOR_PROT is unknown: did you mean ML_CONNECTOR_PORT?",
      "QUICKBOOKS_CLIENTID is unknown: did you mean QUICKBOOKS_CLIENT_ID?",
    ]);
    expect(complaints({ zendesk_client_id: "x" })[0]).toMatch(/did you mean ZENDESK_CLIENT_ID/);
  });

  it("asks a company without limits only where it is simulated", () => {
    const none = { QUICKBOOKS_LIMITS: "none" };
    expect(complaints(none)[0]).toMatch(/QUICKBOOKS_BASE_URL must be on this machine/);
    expect(complaints({ ...none, QUICKBOOKS_BASE_URL: "https://quickbooks.api.intuit.com" })).toHaveLength(1);
    expect(complaints({ ...none, QUICKBOOKS_BASE_URL: "http://127.0.0.1:9000" })).toEqual([]);
  });

  it("takes an empty variable for an absent one, and refuses a value that is given twice", () => {
    expect(complaints({ ML_CONNECTOR_PORT: "", QUICKBOOKS_CLIENT_ID: " " })).toEqual([]);
    expect(complaints({ ML_CONNECTOR_PORT: "1", ML_CONNECTOR_PORT_FILE: "/p" }, { "/p": "2" })[0]).toMatch(/set twice/);
  });

  it("asks for the other half of a pair", () => {
    expect(complaints({ ZENDESK_CLIENT_SECRET: "s" })).toEqual([
      "ZENDESK_CLIENT_ID is missing: ZENDESK_CLIENT_SECRET is set",
    ]);
  });

  it("sends tokens over plain http to this machine only", () => {
    expect(complaints({ ZENDESK_BASE_URL: "http://{subdomain}.localhost:9000" })).toEqual([]);
    expect(complaints({ QUICKBOOKS_BASE_URL: "http://127.0.0.1:9000/" })).toEqual([]);
    for (const url of [
      "http://example.com",
      "http://localhost.example.com",
      "http://127.0.0.1.example.com",
      "ftp://x",
      "https://u:p@x",
    ]) {
      expect(complaints({ QUICKBOOKS_BASE_URL: url })).toHaveLength(1);
    }
  });

  it("moves the business clock only between two simulators", () => {
    const local = { QUICKBOOKS_BASE_URL: "http://127.0.0.1:1", ZENDESK_BASE_URL: "http://{subdomain}.localhost:2" };
    expect(readConfig(environment({ ...local, ML_CONNECTOR_TODAY: "2026-02-28" })).today).toBe("2026-02-28");
    expect(complaints({ ML_CONNECTOR_TODAY: "2026-02-28" })[0]).toMatch(
      /both QUICKBOOKS_BASE_URL and ZENDESK_BASE_URL/,
    );
    expect(
      complaints({ ...local, ZENDESK_BASE_URL: "https://acme.zendesk.com", ML_CONNECTOR_TODAY: "2026-02-28" }),
    ).toHaveLength(1);
    expect(complaints({ ...local, ML_CONNECTOR_TODAY: "tomorrow" })).toEqual([
      "ML_CONNECTOR_TODAY must be a day: YYYY-MM-DD",
    ]);
  });

  it("never shows a secret: not when printed, not in a complaint", () => {
    const secrets = {
      DATABASE_URL: "postgresql://u:hunter2@db/x",
      ML_CONNECTOR_KEYS: `k1:${key}`,
      QUICKBOOKS_CLIENT_ID: "id",
      QUICKBOOKS_CLIENT_SECRET: "hunter2",
      QUICKBOOKS_WEBHOOK_VERIFIER: "hunter2",
      ZENDESK_API_TOKEN_EMAIL: "a@b.c",
      ZENDESK_API_TOKEN: "hunter2",
    };
    const config = readConfig(environment(secrets));
    for (const text of [inspect(config, { depth: 9 }), JSON.stringify(config), String(config.databaseUrl)]) {
      expect(text).not.toContain("hunter2");
      expect(text).not.toContain(key);
    }
    const said = complaints({ ...secrets, DATABASE_URL: "mysql://hunter2", ML_CONNECTOR_KEYS: "k1:hunter2" }).join(
      "\n",
    );
    expect(said).toContain("DATABASE_URL");
    expect(said).not.toContain("hunter2");
  });
});
