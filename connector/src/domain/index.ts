// The words everyone uses: ids, keys, parties, documents, profiles, organizations, failures. Pure types and their parsers.
// Not rules (see rules/) and not rows or remote JSON: those are turned into these words at the edge.
// Called by everything; imports nothing of ours.
export type { Cause, Priority } from "./cause.ts";
export { priorities } from "./cause.ts";
export type { Candidate, Disposition, MatchStep, ParkReason, WaitKey } from "./disposition.ts";
export type { Document } from "./document.ts";
export {
  type DocumentRecord,
  type RecordEntity,
  type RecordFieldDefinition,
  type RecordObject,
  type RecordObjectDefinition,
  recordObjects,
} from "./document-record.ts";
export type { FailureAction, System } from "./failure.ts";
export { assertNever, OperatorError, RemoteFailure } from "./failure.ts";
export type { ConnectionId, LocalDate, OrganizationId, Realm, Subdomain, UserId } from "./ids.ts";
export {
  MalformedId,
  parseConnectionId,
  parseLocalDate,
  parseOrganizationId,
  parseRealm,
  parseSubdomain,
  parseUserId,
} from "./ids.ts";
export type { DocumentEntity, Entity, PartyEntity, PartyKey, PartyKind, RecordKey, ReferenceEntity } from "./keys.ts";
export {
  documentEntities,
  entities,
  organizationKey,
  parseOrganizationKey,
  parsePartyKey,
  parseRecordKey,
  partyEntities,
  partyKeyText,
  recordKeyText,
} from "./keys.ts";
export type {
  EmptyRule,
  MappingDocument,
  MappingFault,
  MappingNote,
  MappingOption,
  MappingProblem,
  MappingRow,
  MappingTarget,
  MappingValue,
  RetiredField,
} from "./mapping.ts";
export type { FieldDefinition, FieldType, FieldValue, FieldValues, Organization } from "./organization.ts";
export { fieldTypes } from "./organization.ts";
export type { Party, Term } from "./party.ts";
export type { AgeBucket, Contact, CustomerStatus, LastPayment, Profile, Totals, VendorStatus } from "./profile.ts";
export { ageBuckets, customerStatuses, mixedCurrency, vendorStatuses } from "./profile.ts";
export type {
  CompanySaid,
  GoneRecord,
  Json,
  JsonObject,
  RecordCopy,
  RecordsAnswer,
  UnreadableRecord,
} from "./record-copy.ts";
export type { Answer, Families, Settings } from "./settings.ts";
export { cleanJson, cleanText } from "./text.ts";
export {
  type TicketFieldDefinition,
  type TicketFieldOption,
  type TicketFieldPurpose,
  ticketFieldPurposes,
} from "./ticket-field.ts";
export { isZone } from "./zone.ts";
