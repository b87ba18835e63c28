/** The fields of Sigma's rules find the vendors' own fields, product by product. */

import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Raw } from "#base/raw.ts";
import {
  logsourcesOf,
  meets,
  opened,
  pipelineFiles,
  readsService,
  resolve,
  route,
} from "./pipelines.ts";

const Text = z.string().min(1).max(256);
const Reads = z.strictObject({
  service: z.string().regex(/^[a-z0-9]+:(\*|[\w.:]+\*?)$/i),
  where: Text.optional(),
  unless: Text.optional(),
  in: z.array(Text).min(1).optional(),
});
const PipelineFile = z.strictObject({
  product: z.string().regex(/^[a-z0-9_]+$/),
  about: Text,
  platform: z.string().nullable(),
  roots: z.array(z.string()).min(1),
  services: z.record(
    z.string().regex(/^[a-z0-9_.*]+$/),
    z.strictObject({
      aka: z.array(z.string()),
      reads: z.array(Reads),
      like: z.string().optional(),
    }),
  ),
  fields: z.record(Text, z.array(Text).min(1)),
  every: z.array(Text),
  native: z.array(Text).min(1),
  parameterPaths: z.array(Text).optional(),
  parameters: z.array(z.string().regex(/^[a-z0-9_]+$/)).optional(),
  absent: z.record(Text, Text),
  tables: z.record(Text, z.record(z.string(), Text)),
});

describe("the files", () => {
  it.each(pipelineFiles.map((file) => [file.product, file] as const))(
    "%s keeps to the schema",
    (_, file) => {
      expect(PipelineFile.safeParse(file).error?.issues ?? []).toEqual([]);
      const fields = Object.keys(file.fields).map((name) => name.toLowerCase());
      expect(new Set(fields).size).toBe(fields.length);
      for (const name of file.every) expect(fields).toContain(name.toLowerCase());
      for (const reads of Object.values(file.services).flatMap((service) => service.reads)) {
        expect(reads.where !== undefined || reads.unless !== undefined).toBe(
          reads.in !== undefined,
        );
      }
      const likes = Object.values(file.services).flatMap(({ like }) => like ?? []);
      for (const like of likes) expect(pipelineFiles.map(({ product }) => product)).toContain(like);
      for (const table of Object.values(file.tables)) {
        for (const key of Object.keys(table)) expect(key).toBe(key.toLowerCase());
      }
    },
  );

  it.each(pipelineFiles.map((file) => [file.product, file] as const))(
    "%s: every field compiles and reads an empty record without a word",
    (product, file) => {
      const services = Object.keys(file.services).filter((name) => !name.includes("*"));
      const names = [...Object.keys(file.fields), ...file.native, ...(file.parameters ?? [])];
      for (const name of names) {
        for (const service of services) {
          const accessor = resolve({ product, service }, name.replaceAll("*", "anything"));
          if (file.services[service]?.like === undefined) expect(accessor, name).not.toBeNull();
          expect(() => accessor?.({})).not.toThrow();
        }
      }
    },
  );
});

/** Names of fields as public rules use them, for each logsource. */
const USED: readonly (readonly [product: string, service: string, fields: string])[] = [
  [
    "azure",
    "auditlogs",
    "properties.message Status OperationName operationName Category category TargetResources TargetResources.modifiedProperties TargetResources.modifiedProperties.newValue TargetResources.ModifiedProperties.DisplayName TargetResources.ModifiedProperties.NewValue activityType additionalDetails.additionalInfo ConsentContext.IsAdminConsent failure_status_reason ActivityDisplayName properties.result properties.initiatedby properties.initiatedBy properties.TargetResources LoggedByService ActorUserId ActivityType Target Initiatedby Resourceid TargetUserName ResultDescription Workload",
  ],
  [
    "azure",
    "signinlogs",
    "authentication_result mfanotificationoutcome AccountUPN properties.authenticationProtocol properties.message Status ResultType resultType ResultDescription Resultdescription location Location AppId AuthenticationRequirement userAgent UserAgent CrossTenantAccessType ResourceDisplayName conditionalAccessStatus DeviceDetail.isCompliant DeviceDetail.deviceId DeviceDetail.trusttype NetworkLocationDetails AuthenticationProtocol ActivityDetails ClientApp ClientAppUsed Username UserPrincipalName HomeTenantId ResourceTenantId IsInteractive AutonomousSystemNumber RiskLevelDuringSignIn RiskState Count RiskEventTypes",
  ],
  [
    "azure",
    "activitylogs",
    "operationName OperationNameValue CategoryValue ResourceProviderValue ResourceId Operation Workload ModifiedProperties{}.NewValue properties.message Category",
  ],
  ["azure", "riskdetection", "riskEventType riskLevel riskState"],
  ["azure", "pim", "riskEventType"],
  ["m365", "threat_management", "eventSource eventName status Payload"],
  ["m365", "threat_detection", "eventSource eventName status"],
  ["m365", "exchange", "eventSource eventName status Operation Parameters Parameters.Name"],
  [
    "m365",
    "audit",
    "Operation Parameters OperationProperties ApplicationId ResultStatus RequestType ObjectId Workload UrlClickAction Directionality user.email o365.audit.MessageURLs UserClickAction DeliveryAction",
  ],
  [
    "gcp",
    "google_workspace.admin",
    "eventService eventName new_value setting_name member_type protoPayload.metadata.event.eventName",
  ],
  [
    "gcp",
    "google_workspace.login",
    "protoPayload.serviceName protoPayload.metadata.event.eventName",
  ],
  [
    "gcp",
    "google_workspace.drive",
    "protoPayload.metadata.event.eventName protoPayload.metadata.event.visibility",
  ],
  [
    "gcp",
    "gcp.audit",
    "gcp.audit.method_name data.protoPayload.authorizationInfo.permission data.protoPayload.authorizationInfo.granted data.protoPayload.serviceName data.protoPayload.resource.type data.protoPayload.logName data.protoPayload.methodName gcp.audit.request.source_ranges gcp.audit.request.alloweds.ports gcp.audit.request.direction",
  ],
  [
    "github",
    "audit",
    "action permission visibility actor repo token_scopes programmatic_access_type",
  ],
  [
    "okta",
    "okta",
    "eventType eventtype legacyEventType legacyeventtype displayMessage displaymessage actor.alternateId actor.alternateid target.displayName outcome.reason outcome.result securityContext.isProxy securitycontext.isproxy debugContext.debugData.requestUri debugContext.debugData.behaviors debugContext.debugData.logOnlySecurityData",
  ],
  ["onelogin", "onelogin.events", "event_type_id"],
  ["bitbucket", "audit", "auditType.category auditType.action"],
  [
    "aws",
    "cloudtrail",
    "eventSource eventName errorCode userIdentity.type userIdentity.sessionContext.sessionIssuer.userName requestParameters.attribute responseElements.ConsoleLogin additionalEventData.MFAUsed userAgent sourceIPAddress eventType eventCategory",
  ],
  ["atlassian", "audit", "attributes.action"],
  ["auth0", "management_api", "data.type data.description data.details.request.body.scope{}"],
  ["1password", "1password", "action object_type"],
  ["cisco", "duo", "event_type reason result factor action"],
];

describe("fields", () => {
  it.each(USED)("%s/%s: every field that public rules use is known", (product, service, fields) => {
    const unknown = fields
      .split(" ")
      .filter((field) => resolve({ product, service }, field) === null);
    expect(unknown).toEqual([]);
  });

  it("a field that no vendor has is unknown, and so is every field of an unknown product or service", () => {
    expect(resolve({ product: "azure", service: "auditlogs" }, "OperatoinName")).toBeNull();
    expect(resolve({ product: "gcp", service: "google_workspace.admin" }, "new_valeu")).toBeNull();
    expect(resolve({ product: "windows", category: "process_creation" }, "Image")).toBeNull();
    expect(resolve({ product: "azure", service: "no_such" }, "operationName")).toBeNull();
  });
});

const read = (product: string, service: string, field: string, record: Raw): unknown =>
  resolve({ product, service }, field)?.(record);

describe("Entra", () => {
  const change = {
    displayName: "UserType",
    oldValue: '["Guest"]',
    newValue: '["Member"]',
  };
  const targetResources = [
    { id: "t1", userPrincipalName: "lee@example.com", modifiedProperties: [change] },
  ];
  const shapes: readonly (readonly [string, Raw])[] = [
    [
      "Graph",
      {
        activityDisplayName: "Update user",
        category: "UserManagement",
        result: "success",
        loggedByService: "Core Directory",
        targetResources,
      },
    ],
    [
      "diagnostic settings",
      {
        operationName: "Update user",
        category: "UserManagement",
        properties: {
          activityDisplayName: "Update user",
          result: "success",
          loggedByService: "Core Directory",
          targetResources,
        },
      },
    ],
    [
      "Log Analytics",
      {
        OperationName: "Update user",
        Category: "UserManagement",
        Result: "success",
        LoggedByService: "Core Directory",
        TargetResources: JSON.stringify(targetResources),
      },
    ],
  ];

  it.each(shapes)("%s: one change reads the same", (_, record) => {
    const field = (name: string): unknown => read("azure", "auditlogs", name, record);
    expect(field("OperationName")).toContain("Update user");
    expect(field("Category")).toBe("UserManagement");
    expect(field("properties.result")).toBe("success");
    expect(field("LoggedByService")).toBe("Core Directory");
    expect(field("Status")).toContain("success");
    expect(field("TargetResources")).toMatch(/lee@example\.com/);
    expect(field("TargetResources.ModifiedProperties.DisplayName")).toBe("UserType");
    expect(field("TargetResources.modifiedProperties.newValue")).toContain("Member");
    expect(field("properties.message")).toContain(
      '"displayName":"UserType","oldValue":"[\\"Guest\\"]","newValue":"[\\"Member\\"]"',
    );
  });

  it("the Management API's record of a change has it under its own names, with and without the full stop", () => {
    const record = {
      Operation: "Consent to application.",
      Workload: "AzureActiveDirectory",
      ResultStatus: "Success",
      ModifiedProperties: [
        { Name: "ConsentContext.IsAdminConsent", NewValue: "False", OldValue: "" },
      ],
    };
    expect(read("azure", "auditlogs", "properties.message", record)).toContain(
      "Consent to application",
    );
    expect(read("azure", "auditlogs", "ConsentContext.IsAdminConsent", record)).toBe("False");
    expect(read("azure", "activitylogs", "ModifiedProperties{}.NewValue", record)).toBe("False");
    expect(read("azure", "activitylogs", "Operation", record)).toContain("Consent to application.");
  });

  it("what a rule calls by an old name is found under the new one", () => {
    const approved = {
      operationName: "Add member to role request approved (PIM activation)",
      category: "RoleManagement",
    };
    expect(read("azure", "auditlogs", "properties.message", approved)).toContain(
      "Request Approved",
    );
    const secret = {
      activityDisplayName: "Update application – Certificates and secrets management ",
    };
    expect(read("azure", "auditlogs", "properties.message", secret)).toEqual(
      expect.arrayContaining([
        "Update application – Certificates and secrets management",
        "Update Application-Certificates and secrets management",
      ]),
    );
    const alert = {
      operationName: "Triggered PIM alert",
      properties: {
        targetResources: [{ displayName: "Roles are being activated too frequently" }],
      },
    };
    expect(read("azure", "pim", "riskEventType", alert)).toContain(
      "sequentialActivationRenewalsAlertIncident",
    );
  });

  const signIns: readonly (readonly [string, Raw])[] = [
    [
      "Graph",
      {
        status: { errorCode: 50074, failureReason: "Strong Authentication is required." },
        deviceDetail: { trustType: "" },
        authenticationProtocol: "deviceCode",
        userAgent: "axios/1.7",
      },
    ],
    [
      "diagnostic settings",
      {
        category: "SignInLogs",
        resultType: "50074",
        properties: {
          deviceDetail: { trustType: "" },
          authenticationProtocol: "deviceCode",
          userAgent: "axios/1.7",
        },
      },
    ],
    [
      "Log Analytics",
      {
        ResultType: "50074",
        DeviceDetail: '{"trustType":""}',
        AuthenticationProtocol: "deviceCode",
        UserAgent: "axios/1.7",
      },
    ],
  ];
  it.each(signIns)("%s: one sign-in reads the same", (_, record) => {
    const field = (name: string): unknown => read("azure", "signinlogs", name, record);
    expect(String(field("ResultType"))).toBe("50074");
    expect(field("Status")).toContain("Failure");
    expect(field("ResultDescription")).toContain("Strong Auth required");
    expect(field("DeviceDetail.trusttype")).toBe("");
    expect(field("properties.message")).toContain("Device Code");
    expect(field("userAgent")).toBe("axios/1.7");
  });
});

describe("Microsoft 365", () => {
  it("an alert of Purview and the same alert of Defender answer to the names of the old portal", () => {
    const purview = {
      Operation: "AlertTriggered",
      Workload: "SecurityComplianceCenter",
      Name: "Impossible travel activity",
      Status: "Active",
    };
    const defender = {
      title: "Impossible travel activity",
      serviceSource: "microsoftDefenderForCloudApps",
      status: "new",
    };
    for (const record of [purview, defender]) {
      expect(read("m365", "threat_management", "eventSource", record)).toBe(
        "SecurityComplianceCenter",
      );
      expect([read("m365", "threat_management", "eventName", record)].flat()).toContain(
        "Impossible travel activity",
      );
      expect(read("m365", "threat_management", "status", record)).toBe("success");
    }
  });

  it("parameters are found as a text, by their names and by name", () => {
    const record = {
      Operation: "Set-InboxRule",
      Parameters: [{ Name: "ForwardTo", Value: "drop@outside.example" }],
    };
    expect(read("m365", "exchange", "Parameters", record)).toMatch(/"ForwardTo"/);
    expect(read("m365", "exchange", "Parameters.Name", record)).toBe("ForwardTo");
    expect(read("m365", "exchange", "Parameters.forwardto", record)).toBe("drop@outside.example");
    const signIn = { ExtendedProperties: [{ Name: "RequestType", Value: "Cmsi:Cmsi" }] };
    expect(read("m365", "audit", "RequestType", signIn)).toBe("Cmsi:Cmsi");
  });

  it("a row of Purview's search is laid open", () => {
    const row = {
      RecordId: "r1",
      Operation: "Set-Mailbox",
      AuditData: '{"Workload":"Exchange","Parameters":[]}',
    };
    expect(opened("o365:Exchange", row)).toEqual([
      { ...row, Workload: "Exchange", Parameters: [] },
    ]);
  });
});

describe("Google Workspace", () => {
  const parameters = [{ name: "NEW_VALUE", value: "false" }];
  const shapes: readonly (readonly [string, Raw])[] = [
    [
      "Reports API",
      {
        id: { applicationName: "admin" },
        events: [{ name: "ENFORCE_STRONG_AUTHENTICATION", parameters }],
      },
    ],
    [
      "collector that splits events",
      {
        id: { applicationName: "admin" },
        event: { name: "ENFORCE_STRONG_AUTHENTICATION", parameters },
      },
    ],
    [
      "Cloud Logging",
      {
        protoPayload: {
          serviceName: "admin.googleapis.com",
          metadata: {
            event: [{ eventName: "ENFORCE_STRONG_AUTHENTICATION", parameter: parameters }],
          },
        },
      },
    ],
    [
      "BigQuery",
      {
        record_type: "admin",
        event_name: "ENFORCE_STRONG_AUTHENTICATION",
        admin: { new_value: "false" },
      },
    ],
  ];

  it.each(shapes)("%s: one event reads the same", (_, record) => {
    const field = (name: string): unknown => read("gcp", "google_workspace.admin", name, record);
    expect(field("eventService")).toBe("admin.googleapis.com");
    expect(field("eventName")).toBe("ENFORCE_STRONG_AUTHENTICATION");
    expect(field("protoPayload.metadata.event.eventName")).toBe("ENFORCE_STRONG_AUTHENTICATION");
    expect(field("new_value")).toBe("false");
    expect(read("google_workspace", "admin", "new_value", record)).toBe("false");
  });

  it("the events of one record stay apart, so that no rule meets half of one and half of another", () => {
    const two = { id: { applicationName: "admin" }, events: [{ name: "A" }, { name: "B" }] };
    expect(
      opened("google:admin", two).map((one) =>
        read("gcp", "google_workspace.admin", "eventName", one),
      ),
    ).toEqual(["A", "B"]);
    const logged = {
      protoPayload: { metadata: { event: [{ eventName: "A" }, { eventName: "B" }] } },
    };
    expect(
      opened("google:admin", logged).map((one) =>
        read("gcp", "google_workspace.admin", "eventName", one),
      ),
    ).toEqual(["A", "B"]);
  });

  it("values of every type are found", () => {
    const events = [
      {
        name: "x",
        parameters: [
          { name: "scope", multiValue: ["a", "b"] },
          { name: "billable", boolValue: true },
          { name: "duration", intValue: "7" },
        ],
      },
    ];
    const record = { id: { applicationName: "token" }, events };
    expect(read("google_workspace", "token", "scope", record)).toEqual(["a", "b"]);
    expect(read("google_workspace", "token", "billable", record)).toBe(true);
    expect(read("google_workspace", "token", "duration", record)).toBe("7");
  });
});

describe("other products", () => {
  it("Okta's lists and its data inside texts are read", () => {
    const record = {
      target: [{ displayName: "Okta Admin Console" }, { displayName: "Dana" }],
      securityContext: { isProxy: true },
      debugContext: {
        debugData: {
          behaviors: "{New IP=POSITIVE}",
          logOnlySecurityData: '{"risk":{"level":"LOW"}}',
        },
      },
    };
    expect(read("okta", "okta", "target.displayName", record)).toEqual([
      "Okta Admin Console",
      "Dana",
    ]);
    expect(read("okta", "okta", "securitycontext.isproxy", record)).toBe(true);
    expect(read("okta", "okta", "debugContext.debugData.behaviors", record)).toMatch(/POSITIVE/);
    expect(read("okta", "okta", "debugContext.debugData.logOnlySecurityData", record)).toMatch(
      /LOW/,
    );
  });

  it("OpenAI's own object goes by its type in either spelling", () => {
    const dotted = { type: "api_key.created", "api_key.created": { data: { scopes: ["all"] } } };
    const scored = { type: "api_key.created", api_key_created: { data: { scopes: ["all"] } } };
    for (const record of [dotted, scored]) {
      const [one = {}] = opened("openai:audit", record);
      expect(read("openai", "audit", "event.data.scopes", one)).toEqual(["all"]);
    }
  });

  it("null stays null, what is not there stays undefined, an empty list is there", () => {
    expect(read("slack", "audit", "details.reason", { details: { reason: null } })).toBeNull();
    expect(read("slack", "audit", "details.reason", { details: {} })).toBeUndefined();
    expect(
      read("slack", "audit", "entity.app.scopes", { entity: { app: { scopes: [] } } }),
    ).toEqual([]);
  });

  it("no name of a prototype's property is taken for a field", () => {
    expect(read("slack", "audit", "details.constructor", { details: {} })).toBeUndefined();
    expect(read("slack", "audit", "details.__proto__.x", { details: {} })).toBeUndefined();
  });
});

describe("routing", () => {
  it("a rule reads the logs of its product and service, and a rule without a service all of its product", () => {
    expect(route({ product: "azure", service: "AuditLogs" }).map(({ name }) => name)).toEqual([
      "azure/auditlogs",
    ]);
    expect(route({ product: "slack" }).map(({ name }) => name)).toEqual([
      "slack/audit",
      "slack/integration",
      "slack/app_activity",
    ]);
    expect(route({ service: "okta" }).map(({ name }) => name)).toEqual(["okta/okta"]);
    expect(route({ product: "windows", service: "security" })).toEqual([]);
    expect(route({ category: "process_creation" })).toEqual([]);
  });

  it("records find their rules", () => {
    const signIn = { Operation: "UserLoggedIn", Workload: "AzureActiveDirectory" };
    const consent = { Operation: "Consent to application.", Workload: "AzureActiveDirectory" };
    const aad = "o365:AzureActiveDirectory";
    expect(logsourcesOf("microsoft", aad, signIn)).toContain("azure/signinlogs");
    expect(logsourcesOf("microsoft", aad, signIn)).not.toContain("azure/auditlogs");
    expect(logsourcesOf("microsoft", aad, consent)).toContain("azure/auditlogs");
    expect(logsourcesOf("microsoft", aad, consent)).toContain("m365/audit");
    expect(logsourcesOf("google", "google:drive", {})).toEqual([
      "gcp/google_workspace.drive",
      "google_workspace/drive",
      "google_workspace/google_workspace.drive",
    ]);
    expect(logsourcesOf("google", "google:user_accounts", {})).toContain(
      "gcp/google_workspace.login",
    );
    expect(logsourcesOf("slack", "slack:audit", {})).toEqual(["slack/audit"]);
  });

  it("forth and back agree: what a route reads names the route", () => {
    for (const { name, reads } of pipelineFiles.flatMap(({ product }) => route({ product }))) {
      for (const one of reads) {
        const service = one.service.replace("*", "Anything");
        const record =
          one.condition?.isIn === true
            ? { [one.condition.field]: [...one.condition.values][0] }
            : {};
        expect(readsService(one, one.platform, service) && meets(one, record)).toBe(true);
        const back = logsourcesOf(one.platform, service, record);
        expect(name.includes("*") || back.includes(name), `${name} ${service}`).toBe(true);
      }
    }
  });
});
