// The pages that a person sees of the service itself: the link where the first operator is made, and the description of the API.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../harness/browser.ts";
import { type Product, startProduct } from "../harness/product.ts";
import { smallAccount, smallCompany } from "../harness/small-world.ts";

const opened = await openBrowser();
if (!opened.browser) process.stderr.write(`skipped: no browser can be started here: ${opened.why}\n`);

describe.skipIf(!opened.browser)("the service's own pages", () => {
  let product: Product;
  let page: Page;
  let setup: string;
  const complaints: string[] = [];
  beforeAll(async () => {
    product = await startProduct({ company: smallCompany(), account: smallAccount(), database: "own" });
    const service = await product.start();
    setup = (JSON.parse(service.out()) as { setup: string }).setup;
    page = (await opened.browser?.newPage({ viewport: { width: 1_280, height: 900 } })) as Page;
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (fault) => complaints.push(fault.message));
  });
  afterAll(async () => {
    await opened.browser?.close();
    await product?.close();
  });

  it("lets a person choose the first password, who then signs in with it", async () => {
    await page.goto(setup.replace("localhost", "127.0.0.1"));
    await page.getByLabel("Your e-mail address").fill("ada@example.com");
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password, at least 12 characters").fill("four words are enough");
    await page.getByLabel("The same again").fill("four words are not enough");
    await page.getByRole("button").click();
    expect(await page.getByRole("alert").textContent()).toBe("The two passwords differ.");
    await page.getByLabel("Your e-mail address").fill("ada@example.com");
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Password, at least 12 characters").fill("four words are enough");
    await page.getByLabel("The same again").fill("four words are enough");
    await page.getByRole("button").click();
    expect(await page.getByRole("heading").textContent()).toBe("Your password is set");
    const signedIn = await page
      .evaluate(async () => {
        const answer = await fetch("/api/v1/session", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ email: "ada@example.com", password: "four words are enough" }),
        });
        return answer.status;
      })
      .catch((fault: unknown) => String(fault));
    // This page may load and ask nothing: its policy forbids it even to us.
    expect(signedIn).toContain("Failed to fetch");
    complaints.length = 0;
  });

  it("shows every call of the API, and nothing of it is blocked", async () => {
    await page.goto(`${product.url}/api/docs/`);
    await page.getByText("/api/v1/connections/{connectionId}/sync").waitFor({ timeout: 30_000 });
    expect(await page.getByText("/api/v1/session").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    // Here a signed-in person's own browser asks, as a console of ours would.
    const name = await page.evaluate(async () => {
      const answer = await fetch("/api/v1/session", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "ada@example.com", password: "four words are enough" }),
      });
      const said = (await answer.json()) as { name: string };
      const again = (await (await fetch("/api/v1/session")).json()) as { name: string };
      return [said.name, again.name];
    });
    expect(name).toEqual(["Ada", "Ada"]);
    expect(await page.evaluate("document.cookie")).toBe("");
  });
});
