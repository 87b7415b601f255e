// The running service, a consent that a person ended in QuickBooks, and the person who has to know: by e-mail, with the one click that mends it.
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../harness/index.ts";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

describe("a grant that QuickBooks refuses", () => {
  let product: Product;
  let smtp: SMTPServer;
  const mails: string[] = [];
  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, _session, done) {
        let raw = "";
        stream.setEncoding("utf8").on("data", (part: string) => {
          raw += part;
        });
        stream.on("end", () => {
          mails.push(raw.replaceAll("=\r\n", "").replaceAll("=3D", "="));
          done();
        });
      },
    });
    await new Promise<void>((listening) => {
      smtp.listen(0, "127.0.0.1", listening);
    });
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    product.env["ML_CONNECTOR_SMTP_URL"] = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`; // TCP
    product.env["ML_CONNECTOR_MAIL_FROM"] = "sync@example.com";
    expect((await product.connect("--yes", "--json")).code).toBe(0);
  });
  afterAll(async () => {
    await product?.close();
    await new Promise<void>((closed) => {
      smtp.close(closed);
    });
  });

  it("is in somebody's mailbox within a minute, pauses without losing a mark, and one click goes on", async () => {
    await product.json("alerts", "add", "email", "ops@example.com");
    await product.start();
    expect(await product.json("alerts", "test")).toMatchObject({
      results: [{ delivered: true, target: "ops@example.com" }],
    });
    expect(mails).toHaveLength(1);

    await product.revokeConsent();
    const refusedAt = performance.now();
    await product.change({
      entity: "Customer",
      operation: "update",
      id: "8",
      record: { DisplayName: "Gorse Meadows" },
    });
    await eventually(() => mails.length === 2, 60_000);
    expect(performance.now() - refusedAt).toBeLessThan(60_000);
    const mail = mails[1] ?? "";
    expect(mail).toMatch(/^Subject: ml-connector: .*QuickBooks/m);
    expect(await product.json("status")).toMatchObject({
      connections: [{ state: "paused", pausedBy: "quickbooks:grant-refused" }],
    });

    const link = /http:\S+\/oauth\/reconnect\?ticket=\S+/.exec(mail)?.[0] ?? "";
    const begun = await fetch(link, { redirect: "manual" });
    expect(begun.status).toBe(303);
    const granted = await fetch(`${begun.headers.get("location") ?? ""}&simulator_consent=allow`, {
      redirect: "manual",
    });
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const ended = await fetch(granted.headers.get("location") ?? "", { headers: { cookie } });
    expect(ended.status).toBe(200);
    await eventually(async () => {
      const { organizations } = await product.account();
      return organizations.some(({ name }) => name === "Gorse Meadows");
    }, 60_000);
    expect(await product.json("status")).toMatchObject({ connections: [{ state: "active", incidents: [] }] });
    expect(mails).toHaveLength(2);
  });
});
