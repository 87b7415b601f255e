// Billing contacts whom Zendesk does not know, as end users of their card's organization.
// Not members (deliver): those are users that are there already. Nobody's role, suspension or organization is ever changed.
// Called by the owner of an account, beside its lanes.
export { keepContacts } from "./keep-contacts.ts";
