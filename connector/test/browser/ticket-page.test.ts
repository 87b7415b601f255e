import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Flow, startFlow } from "../flow/bench.ts";
import { account, company, today } from "../flow/default-fields/company.ts";
import { openBrowser } from "../harness/browser.ts";

const opened = await openBrowser();
if (!opened.browser) process.stderr.write(`skipped: no browser can be started here: ${opened.why}\n`);

/** Tickets of the studio's person, of one who has no organization yet, and of a stranger. */
const tickets = {
  tickets: [
    {
      id: 11,
      subject: "The oven was delivered twice",
      description: "Two ovens.",
      requester_id: 901,
      organization_id: 501,
    },
    { id: 12, subject: "Do you sell ovens?", description: "Hello.", requester_id: 903, organization_id: null },
  ],
  users: [...account.users, { id: 903, name: "Sam Stranger", email: "sam@stranger.example", role: "end-user" }],
};

describe.skipIf(!opened.browser)("the ticket page of an agent", () => {
  let flow: Flow;
  let page: Page;
  const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-test-"));
  const complaints: string[] = [];

  beforeAll(async () => {
    flow = await startFlow({ company, account: { ...account, ...tickets }, today });
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    page = (await opened.browser?.newPage({ viewport: { width: 1_280, height: 900 } })) as Page;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== flow.zendesk.url) complaints.push(`${request.url()} is somewhere else`);
    });
  });
  afterAll(async () => {
    await opened.browser?.close();
    await flow?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const billing = () => page.getByRole("region", { name: "Billing" });
  const open = (ticket: number) => page.goto(`${flow.zendesk.url}/tickets/${ticket}`);

  it("shows who writes, for which client, and that the client is late and by how much", async () => {
    const { entity }: { entity: { id: number } } = await flow.zendeskControl("POST", "mutate", {
      entity: "ticket",
      operation: "create",
      record: { subject: "Where is our oven?", comment: { body: "We waited all day." }, requester_id: 902 },
    });
    await open(entity.id);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Where is our oven?");
    expect(await page.getByRole("main").innerText()).toContain("Nora Hartwell");
    expect(await page.getByRole("link", { name: "Hartwell Bakery" }).count()).toBeGreaterThan(0);
    const words = await billing().innerText();
    for (const told of [
      "Overdue",
      "200.25 USD",
      "340.50 USD",
      "2026-08-31",
      "61 to 90 days",
      "Net 30",
      "Nora Hartwell",
    ])
      expect(words).toContain(told);
    expect(words).toContain("ap@hartwell.example, nora@hartwell.example");
    expect(words, "titles and wording, not keys and raw values").not.toContain("qbo_");
    const screenshot = path.join(folder, "ticket.png");
    await page.screenshot({ path: screenshot, fullPage: true });
    expect(statSync(screenshot).size).toBeGreaterThan(20_000);
  });

  it("shows an organization that was there under its own name, with people's notes beside our figures", async () => {
    await open(11);
    const main = await page.getByRole("main").innerText();
    expect(main).toContain("The studio by the marsh");
    expect(main).toContain("Call before noon.");
    expect(await billing().innerText()).toContain("60.50 USD");
    await page.getByRole("link", { name: "The studio by the marsh" }).first().click();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("The studio by the marsh");
  });

  it("says so where the requester belongs to nobody we know", async () => {
    await open(12);
    expect(await page.getByRole("main").innerText()).toContain("The requester belongs to no organization.");
  });

  it("fits a narrow screen and a wide one", async () => {
    for (const width of [380, 900, 1_600]) {
      await page.setViewportSize({ width, height: 800 });
      await open(11);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow, `at ${width}`).toBe(0);
    }
  });

  it("has made the browser complain of nothing, and asked nobody else for anything", () => {
    expect(complaints).toEqual([]);
  });
});
