// Items, accounts and vendors as what agents may pick on a ticket: ticket fields and their options in Zendesk.
// Not what is offered (rules/ticket-fields), and nothing of a ticket is ever written.
// Called by the owner of an account, beside its lanes, and by plans, which only count.
export { keepTicketFields, lackingTicketFields } from "./keep-ticket-fields.ts";
