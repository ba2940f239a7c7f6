import type {
  DialectName,
  FieldType,
  ProjectCatalogue,
  Treatment,
} from '@rollcall/contracts-catalogue';

/** One field as the public page shows it. */
export interface PageField {
  /** Dotted path on the wire; for a metric a label's name, or `value`. */
  readonly path: string;
  readonly type: FieldType;
  readonly treatment: Treatment;
  /** What is done with it, in plain words. */
  readonly how: string;
  readonly purpose: string;
}

/** An event or a metric as the public page shows it. */
export interface PageEvent {
  readonly name: string;
  readonly purpose: string;
  readonly fields: readonly PageField[];
}

export interface PageOptOut {
  readonly title: string;
  readonly instruction: string;
  readonly command?: string;
}

/** A heading and its paragraphs. */
export interface PageSection {
  readonly title: string;
  readonly sentences: readonly string[];
}

export interface PageExample {
  readonly explanation: string;
  /** A command to copy. `{origin}` stands where the caller puts the gateway's own address. */
  readonly command: string;
}

/**
 * What a person may read about one project's telemetry, as data. All of it is made from the catalogue file and from
 * what Rollcall does for every project; nothing is written by hand beside them.
 */
export interface PrivacyPage {
  readonly project: string;
  readonly title: string;
  readonly homepage: string;
  readonly contact: string;
  readonly why: string;
  readonly dialects: readonly DialectName[];
  readonly installation: PageSection;
  /** Fields that every event may have. */
  readonly commonFields: readonly PageField[];
  readonly events: readonly PageEvent[];
  readonly metrics: readonly PageEvent[];
  readonly treatment: PageSection;
  readonly retention: PageSection & { readonly days: number };
  readonly flow: PageSection;
  readonly access: PageSection;
  readonly optOut: readonly PageOptOut[];
  readonly optOutNote: PageSection;
  readonly erasure: PageSection;
  /** Where identifiers for erasure are sent to, relative to the page; only whoever serves the page can know. */
  readonly erasureAction?: string;
  /** Address of another page that has the form for erasure, where the page that is served has none. */
  readonly erasureLink?: string;
  readonly notCollected: readonly string[];
  /** Fields that clients are known to send and that are thrown away. */
  readonly dropped: readonly { readonly path: string; readonly reason: string }[];
  readonly pseudonyms: PageSection;
  readonly dryRun: readonly PageExample[];
}

export type Rotation = ProjectCatalogue['installation']['rotation'];
