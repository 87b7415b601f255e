import { createMappingSource, readSettings } from "../connections/index.ts";
import { defaultMapping } from "../rules/mapping/index.ts";
import { nameKey, nearKeys, normaliseName } from "../rules/matching/index.ts";
import { createAlertStore } from "../store/alert-store.ts";
import { createAccountBlocks, createCompanyBlocks } from "../store/block-store.ts";
import { createClockStore } from "../store/clock-store.ts";
import { createCompanyStore } from "../store/company-store.ts";
import { createConnectionEndStore } from "../store/connection-end-store.ts";
import { createConnectionStore } from "../store/connection-store.ts";
import { createContactStore } from "../store/contact-store.ts";
import { createCredentialStore } from "../store/credential-store.ts";
import { createDirectoryStore } from "../store/directory-store.ts";
import { createErasureStore } from "../store/erasure-store.ts";
import { createIncidentStore } from "../store/incident-store.ts";
import type { Database } from "../store/index.ts";
import { createIntakeStore } from "../store/intake-store.ts";
import { createJournalStore } from "../store/journal-store.ts";
import { createLinkStore } from "../store/link-store.ts";
import { createMappingStore } from "../store/mapping-store.ts";
import { createMarkStore } from "../store/mark-store.ts";
import { createOauthStateStore } from "../store/oauth-state-store.ts";
import { createOverviewStore } from "../store/overview-store.ts";
import { createOwnClientStore } from "../store/own-client-store.ts";
import { createOwnershipStore } from "../store/ownership-store.ts";
import { createPlanLookup } from "../store/plan-lookup-store.ts";
import { createPlanStore } from "../store/plan-store.ts";
import { createReceiptStore } from "../store/receipt-store.ts";
import { createRecordStore } from "../store/record-store.ts";
import { createReplicaStore } from "../store/replica-store.ts";
import { createRestoreStore } from "../store/restore-store.ts";
import { createReviewStore } from "../store/review-store.ts";
import { createSealedTextStore } from "../store/sealed-text-store.ts";
import { createSettleStore } from "../store/settle-store.ts";
import { createSweepStore } from "../store/sweep-store.ts";
import { createTickStore } from "../store/tick-store.ts";
import { createTicketFieldStore } from "../store/ticket-field-store.ts";
import { createVerifyStore } from "../store/verify-store.ts";
import { createWatchStore } from "../store/watch-store.ts";
import { createWriteLog } from "../store/write-store.ts";
import { createWrittenValueStore } from "../store/written-value-store.ts";
import { createZendeskEventStore } from "../store/zendesk-event-store.ts";

/** What a name is found by, as the rules of matching make it. */
export function foldName(name: string) {
  const { stem } = normaliseName(name);
  return { nameKey: nameKey(name), nameStem: stem, nearKeys: nearKeys(stem) };
}

/** Every store over one database. Rules that a store needs (how names fold) are given here: the store imports none. */
export function createStores(database: Database) {
  const mappings = createMappingStore(database, defaultMapping);
  const mappingOf = createMappingSource(mappings);
  const incidents = createIncidentStore(database);
  return {
    mappingOf,
    mappings,
    alerts: createAlertStore(database),
    watch: createWatchStore(database),
    clock: createClockStore(database),
    companies: createCompanyStore(database),
    ends: createConnectionEndStore(database),
    connections: createConnectionStore(database),
    contacts: createContactStore(database),
    credentials: createCredentialStore(database),
    directory: createDirectoryStore(database, foldName),
    blocks: { companies: createCompanyBlocks(database, incidents), accounts: createAccountBlocks(database, incidents) },
    incidents,
    intake: createIntakeStore(database),
    journal: createJournalStore(database),
    links: createLinkStore(database),
    marks: createMarkStore(database),
    oauthStates: createOauthStateStore(database),
    overview: createOverviewStore(database),
    ownClients: createOwnClientStore(database),
    ownership: createOwnershipStore(database, readSettings, mappingOf),
    plans: { ...createPlanStore(database), ...createPlanLookup(database) },
    receipts: createReceiptStore(database),
    review: createReviewStore(database),
    records: createRecordStore(database),
    replica: createReplicaStore(database),
    restores: createRestoreStore(database),
    sealedTexts: createSealedTextStore(database),
    settle: createSettleStore(database, foldName),
    sweeps: createSweepStore(database),
    ticketFields: createTicketFieldStore(database),
    tick: createTickStore(database),
    verify: createVerifyStore(database),
    values: createWrittenValueStore(database),
    writes: createWriteLog(database),
    erasure: createErasureStore(database),
    events: createZendeskEventStore(database),
  };
}

export type Stores = ReturnType<typeof createStores>;
