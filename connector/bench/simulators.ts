import { quickbooksAccess, quickbooksRealm, zendeskAccess } from "./access.ts";
import { type Bench, percentile, round } from "./bench.ts";
import { httpRequest, sendLoad } from "./load.ts";
import { type BothSimulators, startSimulators } from "./stage/index.ts";

const sizes = {
  full: { company: "customers=5000,vendors=100,invoices=5000,bills=100,seed=7", forMs: 8_000, times: 60 },
  small: { company: "customers=1000,vendors=10,invoices=1000,bills=10,seed=7", forMs: 500, times: 10 },
};
const connections = 8;

/** What both simulators can take with everything slow turned off: they must not be what other benches measure. */
export const simulators: Bench = async ({ size }) => {
  const { company, forMs, times } = sizes[size];
  const both = await startSimulators({
    company: { generate: company },
    limits: "unlimited",
    jobs: { itemsPerSecond: 0, startDelayMs: 0 },
  });
  try {
    const quickbooksToken = await quickbooksAccess(both.quickbooks.url);
    const zendeskToken = await zendeskAccess(both.zendesk.url);
    const get = (path: string, token: string) =>
      httpRequest({ method: "GET", path, headers: { authorization: `Bearer ${token}`, accept: "application/json" } });
    const organizations = await createOrganizations(both, zendeskToken, times);
    const read = async (url: string, paths: readonly string[], token: string) => {
      const requests = paths.map((path) => get(path, token));
      const { answered, seconds } = await sendLoad({
        url,
        connections,
        forMs,
        request: (place) => requests[place % requests.length] ?? Buffer.alloc(0),
      });
      return onlyOk(answered) / seconds;
    };
    const customers = Array.from(
      { length: 1000 },
      (_, place) => `/v3/company/${quickbooksRealm}/customer/${place + 1}`,
    );
    const quickbooksReads = await read(both.quickbooks.url, customers, quickbooksToken);
    const zendeskReads = await read(
      both.zendesk.url,
      organizations.ids.map((id) => `/api/v2/organizations/${id}`),
      zendeskToken,
    );
    const query = "SELECT * FROM Customer ORDERBY MetaData.CreateTime STARTPOSITION 1 MAXRESULTS 1000";
    const page = get(`/v3/company/${quickbooksRealm}/query?query=${encodeURIComponent(query)}`, quickbooksToken);
    const pages = await sendLoad({ url: both.quickbooks.url, connections: 1, requests: times, request: () => page });
    onlyOk(pages.answered);
    return {
      quickbooksReadsPerSecond: round(quickbooksReads),
      zendeskReadsPerSecond: round(zendeskReads),
      pageMs: round(percentile(pages.latenciesMs, 0.5), 1),
      createManyMs: round(percentile(organizations.latenciesMs, 0.5), 1),
    };
  } finally {
    await both.close();
  }
};

/** The answer of `create_many` as it comes, and the organizations that its job made. */
async function createOrganizations({ zendesk }: BothSimulators, token: string, times: number) {
  const { latenciesMs, answered } = await sendLoad({
    url: zendesk.url,
    connections: 1,
    requests: times,
    request: (place) => {
      const organizations = Array.from({ length: 100 }, (_, item) => ({
        name: `Organization ${place * 100 + item}`,
        external_id: `bench:${place * 100 + item}`,
        notes: "made by a bench",
      }));
      return httpRequest({
        method: "POST",
        path: "/api/v2/organizations/create_many",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: Buffer.from(JSON.stringify({ organizations })),
      });
    },
  });
  onlyOk(answered);
  const { organizations } = await zendesk.get<{ organizations: { id: number }[] }>("state");
  return { latenciesMs, ids: organizations.slice(0, 1000).map(({ id }) => id) };
}

function onlyOk(answered: ReadonlyMap<number, readonly number[]>): number {
  for (const status of answered.keys()) if (status !== 200) throw new Error(`a simulator answered ${status}`);
  return answered.get(200)?.length ?? 0;
}
