// The vendor's error vocabulary: every fault that this simulator answers, in the words of the vendor.
// Not the transport: which body a fault gets (JSON, XML, lower-case gateway form) is decided in http/.
// Sources per entry; "errors" = developer.intuit.com, docs/develop/troubleshooting/error-codes and handling-common-errors.

export interface FaultError {
  readonly Message: string;
  readonly Detail: string;
  readonly code: string;
  /** Query faults carry no `element` at all (QuickBooks-V3-DotNET-SDK issue 111). */
  readonly element?: string;
}

export interface Fault {
  readonly status: number;
  readonly type: "ValidationFault" | "SystemFault" | "AuthorizationFault" | "SERVICE" | "AUTHENTICATION";
  readonly errors: readonly FaultError[];
  /** Gateway faults come with lower-case keys and an epoch time (a recorded 401 and 403; see README). */
  readonly gateway: boolean;
}

/** Thrown by whatever refuses a call; the server turns it into the vendor's answer. */
export class VendorFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.errors.map((error) => `${error.code} ${error.Message}: ${error.Detail}`).join("; "));
    this.name = "VendorFault";
    this.fault = fault;
  }
}

function validation(code: string, Message: string, Detail: string, element?: string): VendorFault {
  const error = element === undefined ? { Message, Detail, code } : { Message, Detail, code, element };
  return new VendorFault({ status: 400, type: "ValidationFault", errors: [error], gateway: false });
}

// Recorded by ExQuickBooks, test/fixtures/read_item_error.json.
const inactive =
  "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, vendors or employees.";

export const faults = {
  objectNotFound: () => validation("610", "Object Not Found", `Object Not Found : ${inactive}`, ""),
  // ExQuickBooks, update_item_error.json.
  staleObject: () =>
    validation(
      "5010",
      "Stale Object Error",
      "Stale Object Error : You and John Doe were working on this at the same time. John Doe finished before you did, so your work was not saved.",
      "",
    ),
  // ExQuickBooks, create_item_error.json.
  requiredParameter: (element: string) =>
    validation(
      "2020",
      "Required param missing, need to supply the required value for the API",
      `Required parameter ${element} is missing in the request`,
      element,
    ),
  // Text after quickbooks-ruby spec/fixtures/fault.xml and the errors page.
  tooLong: (element: string, limit: number, supplied: number) =>
    validation(
      "2050",
      "String length is either shorter or longer than supported by specification",
      `String length specified does not match the supported length. Min:0 Max:${limit} supported. Supplied length:${supplied}`,
      element,
    ),
  badNumber: (element: string) =>
    validation("2080", "Invalid Number", `Invalid number format specified for ${element}`, element),
  badEnumeration: (element: string, value: string) =>
    validation("2170", "Invalid Enumeration", `Invalid Enumeration : ${value}`, element),
  // python-quickbooks issue 24.
  unsupportedProperty: (name: string) =>
    validation(
      "2010",
      "Request has invalid or unsupported property",
      `Property Name:${name} specified is unsupported or invalid`,
    ),
  // QuickBooks-V3-PHP-SDK issues 110 (inactive) and 102 (element named).
  inactiveReference: () => validation("2500", "Invalid Reference Id", `Invalid Reference Id : ${inactive}`, ""),
  badReference: (element: string) =>
    validation("2500", "Invalid Reference Id", `Invalid Reference Id : ${element}`, element),
  // QuickBooks-V3-PHP-SDK issue 241.
  duplicateName: () =>
    validation(
      "6240",
      "Duplicate Name Exists Error",
      "The name supplied already exists. : Another customer, vendor or employee is already using this name. Please use a different name.",
      "",
    ),
  duplicateListName: (word: string) =>
    validation(
      "6240",
      "Duplicate Name Exists Error",
      `The name supplied already exists. : Another ${word} is already using this name. Please use a different name.`,
      "",
    ),
  // errors page, 6140.
  // insighthk.com, IPP error codes: 6080, 620 (knowledgebase.curbwaste.com quotes a body), 2210, 700.
  noName: () =>
    validation(
      "6080",
      "No Name Provided",
      "Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix - one of these must be non-empty",
      "",
    ),
  cannotLink: () =>
    validation(
      "620",
      "TxnID Cannot Be Linked",
      `TxnID Cannot Be Linked : Cannot validate linked transactions: ${inactive}`,
      "",
    ),
  badEmail: (element: string) =>
    validation(
      "2210",
      "Email Address does not conform to the syntax rules of RFC 822.",
      "Email Address does not conform to the syntax rules of RFC 822.",
      element,
    ),
  badParent: () => validation("700", "Parent Reference Invalid", "The parent is not a valid reference.", "ParentRef"),
  duplicateDocNumber: (docNumber: string, entity: string, id: string) =>
    validation(
      "6140",
      "Duplicate Document Number Error",
      `Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=${docNumber} is assigned to TxnType=${entity} with TxnId=${id}`,
      "",
    ),
  // quickbooks-ruby issue 390 for the words; it does not show the code, 6000 is assumed.
  openBalance: (word: string) =>
    validation(
      "6000",
      "Delete List Has Balance Error",
      `The entity you are trying to delete has an open balance. : This ${word} cannot be deleted because it has a non-zero balance`,
      "",
    ),
  business: (detail: string) =>
    validation(
      "6000",
      "A business validation error has occurred while processing your request",
      `Business Validation Error: ${detail}`,
      "",
    ),
  // errors page and the blog's list of top errors: 6190, 5020, 120, 6210.
  companyEnded: () =>
    validation(
      "6190",
      "Invalid Company Status",
      "Subscription period has ended or canceled or there was a billing problem : You can't add data to QuickBooks Online Plus because your trial or subscription period ended.",
      "",
    ),
  notInEdition: (entity: string) =>
    validation(
      "5020",
      "Permission Denied Error",
      `Permission Denied Error : You do not have permission to access this feature. ${entity}`,
      "",
    ),
  accessLost: () =>
    new VendorFault({
      status: 401,
      type: "AuthorizationFault",
      errors: [
        {
          Message: "Authorization Failure",
          Detail: "AuthorizationFailure: -11014-You do not have access to use QuickBooks Online Plus.",
          code: "120",
          element: "",
        },
      ],
      gateway: false,
    }),
  booksClosed: () =>
    validation(
      "6210",
      "Account Period Closed, Cannot Update Through Services API",
      "The account period has closed and the account books cannot be updated through the QBO Services API. Please check the QBO user interface for details.",
      "",
    ),
  unsupportedOperation: (operation: string) =>
    validation("500", "Unsupported Operation", `Operation ${operation} is not supported.`, ""),
  // Bills have no void: tried on a live sandbox, the answer was HTTP 200 with a Fault (SPIKE, see README).
  cannotVoid: () =>
    new VendorFault({
      status: 200,
      type: "ValidationFault",
      errors: [
        { Message: "Unsupported Operation", Detail: "Operation void is not supported.", code: "500", element: "" },
      ],
      gateway: false,
    }),
  batchTooLarge: (limit: number) =>
    validation("1040", "Batch size exceeds allowed limit", `Batch size exceeds allowed limit : ${limit}`, ""),
  // ExQuickBooks, query_error.json: no element.
  queryParse: (detail: string) => validation("4000", "Error parsing query", `QueryParserError: ${detail}`),
  // quickbooks-ruby query_validation_error.xml, issues 403 and 628.
  queryValidation: (detail: string) => validation("4001", "Invalid query", `QueryValidationError: ${detail}`),
  // QuickBooks-V3-DotNET-SDK issue 111.
  queryProcessing: (detail: string) => validation("4002", "Error processing query", `QueryProcessingError: ${detail}`),
  application: (detail: string, status: number) =>
    new VendorFault({
      status,
      type: "SystemFault",
      errors: [
        { Message: "An application error has occurred while processing your request", Detail: detail, code: "10000" },
      ],
      gateway: false,
    }),
  // The recorded 401 of 2024-10-27 and 403, quoted in README.
  authentication: (detail: string) => gateway(401, "AUTHENTICATION", "AuthenticationFailed", "003200", detail),
  wrongRealm: () => gateway(403, "SERVICE", "ApplicationAuthorizationFailed", "003100", ""),
  // quickbooks-ruby too_many_requests_error.xml; python-quickbooks issue 83. Two blanks before "Try".
  throttled: () =>
    gateway(429, "SERVICE", "ThrottleExceeded", "003001", "The request limit was reached.  Try again later"),
} as const;

function gateway(
  status: number,
  type: "SERVICE" | "AUTHENTICATION",
  name: string,
  code: string,
  Detail: string,
): VendorFault {
  const Message = `message=${name}; errorCode=${code}; statusCode=${status}`;
  const shortCode = String(Number(code));
  return new VendorFault({ status, type, errors: [{ Message, Detail, code: shortCode }], gateway: true });
}
