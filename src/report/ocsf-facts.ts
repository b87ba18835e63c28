/** What OCSF 1.7 demands of a Detection Finding, carried over by hand from the published schema, for the tests. */

/** Facts about one class or object: attributes that may stand in it, those that must, and groups of which one must. */
export interface OcsfShape {
  required: readonly string[];
  atLeastOne?: readonly string[];
  attributes: Readonly<Record<string, OcsfType>>;
}

/** A scalar type, the numbers of an enum, an object by name, or a list of one of them. */
export type OcsfType =
  | "string"
  | "integer"
  | "boolean"
  | "timestamp"
  | "json"
  | readonly number[]
  | { object: string }
  | { list: "string" | { object: string } };

export const OCSF_SHAPES: Readonly<Record<string, OcsfShape>> = {
  detection_finding: {
    required: [
      "activity_id",
      "category_uid",
      "class_uid",
      "finding_info",
      "metadata",
      "severity_id",
      "time",
      "type_uid",
    ],
    attributes: {
      activity_id: [0, 1, 2, 3, 99],
      activity_name: "string",
      category_uid: [2],
      category_name: "string",
      class_uid: [2004],
      class_name: "string",
      type_uid: [200_400, 200_401, 200_402, 200_403, 200_499],
      type_name: "string",
      time: "timestamp",
      start_time: "timestamp",
      end_time: "timestamp",
      severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
      severity: "string",
      status_id: [0, 1, 2, 3, 4, 5, 6, 99],
      status: "string",
      is_alert: "boolean",
      message: "string",
      confidence_id: [0, 1, 2, 3, 99],
      confidence: "string",
      confidence_score: "integer",
      risk_level_id: [0, 1, 2, 3, 4, 99],
      risk_level: "string",
      risk_score: "integer",
      risk_details: "string",
      metadata: { object: "metadata" },
      finding_info: { object: "finding_info" },
      resources: { list: { object: "resource_details" } },
      evidences: { list: { object: "evidences" } },
      observables: { list: { object: "observable" } },
      remediation: { object: "remediation" },
      unmapped: "json",
    },
  },
  metadata: {
    required: ["product", "version"],
    attributes: {
      version: "string",
      uid: "string",
      product: { object: "product" },
      log_name: "string",
      labels: { list: "string" },
    },
  },
  product: {
    required: ["vendor_name"],
    atLeastOne: ["name", "uid"],
    attributes: {
      uid: "string",
      name: "string",
      vendor_name: "string",
      version: "string",
      lang: "string",
    },
  },
  finding_info: {
    required: ["title", "uid"],
    attributes: {
      uid: "string",
      title: "string",
      desc: "string",
      types: { list: "string" },
      analytic: { object: "analytic" },
      attacks: { list: { object: "attack" } },
      created_time: "timestamp",
      first_seen_time: "timestamp",
      last_seen_time: "timestamp",
      data_sources: { list: "string" },
      related_events_count: "integer",
    },
  },
  analytic: {
    required: ["type_id"],
    atLeastOne: ["name", "uid"],
    attributes: {
      uid: "string",
      name: "string",
      type_id: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99],
      type: "string",
    },
  },
  attack: {
    required: [],
    atLeastOne: ["tactic", "technique", "sub_technique"],
    attributes: {
      technique: { object: "technique" },
      sub_technique: { object: "technique" },
      version: "string",
    },
  },
  technique: {
    required: [],
    atLeastOne: ["name", "uid"],
    attributes: { uid: "string", name: "string" },
  },
  resource_details: {
    required: [],
    atLeastOne: ["name", "uid"],
    attributes: {
      uid: "string",
      name: "string",
      type: "string",
      owner: { object: "user" },
      labels: { list: "string" },
      data: "json",
    },
  },
  user: {
    required: [],
    atLeastOne: ["account", "name", "uid"],
    attributes: {
      uid: "string",
      name: "string",
      email_addr: "string",
      /** 1 User, 2 Admin, 3 System, 4 Service. */
      type_id: [0, 1, 2, 3, 4, 99],
      type: "string",
    },
  },
  evidences: {
    required: [],
    atLeastOne: ["actor", "api", "data", "file", "resources", "user"],
    attributes: { uid: "string", name: "string", actor: { object: "actor" }, data: "json" },
  },
  actor: {
    required: [],
    atLeastOne: ["process", "user", "session", "app_name", "app_uid"],
    attributes: { app_name: "string", app_uid: "string", user: { object: "user" } },
  },
  observable: {
    required: ["name", "type_id"],
    attributes: {
      name: "string",
      value: "string",
      /** 4 User Name, 5 Email Address, 10 Resource UID. */
      type_id: [0, 4, 5, 10, 99],
      type: "string",
    },
  },
  remediation: { required: ["desc"], attributes: { desc: "string" } },
};
