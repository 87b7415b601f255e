// Every table by its name. A new migration changes the row types here in the same commit.
import type {
  ApiKeyTable,
  InvitationTable,
  OperatorGrantTable,
  OperatorTable,
  ProvisionedTable,
  SessionTable,
  SignInFailureTable,
  TaskTable,
} from "./schema/access-tables.ts";
import type { AlertTable, AlertTargetTable, MeteredReadsTable, ParkedSampleTable } from "./schema/alert-tables.ts";
import type {
  AccountTable,
  CompanyTable,
  ConnectionTable,
  CredentialTable,
  OauthStateTable,
  OwnClientTable,
} from "./schema/connection-tables.ts";
import type { MappingTable, PlanEffectTable, PlanFormerTable, PlanTable } from "./schema/plan-tables.ts";
import type {
  ContactUserTable,
  ObjectRecordTable,
  RecordDueTable,
  RecordJobTable,
  RecordKeepingTable,
  TicketFieldKeepingTable,
} from "./schema/record-tables.ts";
import type {
  DocumentTable,
  PartyAddressTable,
  PartyMergeTable,
  PartyTable,
  ReferenceRecordTable,
  SweepTable,
} from "./schema/replica-tables.ts";
import type { IncidentTable, JournalTable, MarkTable, WriteTable } from "./schema/work-tables.ts";
import type {
  AnswerBatchTable,
  AnswerTable,
  CardTable,
  ContainerTable,
  DirectoryMarkTable,
  DispositionTable,
  IgnoreRuleTable,
  LinkTable,
  NameFoldingTable,
  NotDuplicateTable,
  OrganizationMergeTable,
  OrganizationTable,
  RestoreTable,
  StoredFormTable,
  ZendeskUserAddressTable,
  ZendeskUserTable,
  ZendeskWebhookTable,
} from "./schema/zendesk-tables.ts";

export type { ConnectionState } from "./schema/connection-tables.ts";

export interface Schema {
  company: CompanyTable;
  account: AccountTable;
  connection: ConnectionTable;
  credential: CredentialTable;
  own_client: OwnClientTable;
  oauth_state: OauthStateTable;
  party: PartyTable;
  party_address: PartyAddressTable;
  party_merge: PartyMergeTable;
  document: DocumentTable;
  reference_record: ReferenceRecordTable;
  sweep: SweepTable;
  organization: OrganizationTable;
  zendesk_user: ZendeskUserTable;
  zendesk_user_address: ZendeskUserAddressTable;
  zendesk_webhook: ZendeskWebhookTable;
  directory_mark: DirectoryMarkTable;
  restore: RestoreTable;
  stored_form: StoredFormTable;
  record_due: RecordDueTable;
  object_record: ObjectRecordTable;
  record_job: RecordJobTable;
  record_keeping: RecordKeepingTable;
  ticket_field_keeping: TicketFieldKeepingTable;
  contact_user: ContactUserTable;
  link: LinkTable;
  answer: AnswerTable;
  answer_batch: AnswerBatchTable;
  ignore_rule: IgnoreRuleTable;
  container: ContainerTable;
  not_duplicate: NotDuplicateTable;
  organization_merge: OrganizationMergeTable;
  name_folding: NameFoldingTable;
  disposition: DispositionTable;
  card: CardTable;
  mark: MarkTable;
  write: WriteTable;
  journal: JournalTable;
  incident: IncidentTable;
  alert_target: AlertTargetTable;
  alert: AlertTable;
  metered_reads: MeteredReadsTable;
  parked_sample: ParkedSampleTable;
  plan: PlanTable;
  plan_effect: PlanEffectTable;
  plan_former: PlanFormerTable;
  mapping: MappingTable;
  operator: OperatorTable;
  operator_grant: OperatorGrantTable;
  session: SessionTable;
  api_key: ApiKeyTable;
  invitation: InvitationTable;
  sign_in_failure: SignInFailureTable;
  task: TaskTable;
  provisioned: ProvisionedTable;
}
