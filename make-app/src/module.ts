import type { Members } from './json.ts';

/** A module of the app, section by section. What is not here is written by hand, in its file. */
export interface Module {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly type: 'action' | 'search' | 'universal' | 'instant_trigger';
  readonly group: string;
  /** What wakes an instant trigger; it has the fields. */
  readonly webhook?: string;
  readonly communication?: Members;
  readonly mappableParams?: readonly Members[];
  readonly interface?: readonly Members[];
  readonly samples?: Members;
}

/** An address of Make's own that the service is told of, section by section. */
export interface Webhook {
  readonly id: string;
  readonly label: string;
  /** What is made of a delivery. */
  readonly communication: Members;
  readonly parameters: readonly Members[];
  /** Tells the service of the address, once a user has made one. */
  readonly attach: Members;
  readonly detach: Members;
}

/** The sections of a module, as the manifest calls them, and how their files end. */
export const MODULE = {
  communication: 'communication',
  staticParams: 'static-params',
  mappableParams: 'mappable-params',
  interface: 'interface',
  samples: 'samples',
  scope: 'scope',
} as const;

/** The same of a webhook. */
export const WEBHOOK = {
  communication: 'communication',
  params: 'params',
  attach: 'attach',
  detach: 'detach',
  requiredScope: 'required-scope',
} as const;

const kebab = (id: string): string => id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Where a section's file is, below `app/`. */
export const pathOf = (folder: 'modules' | 'webhooks', id: string, file: string): string =>
  `${folder}/${id}/${kebab(id)}.${file}.iml.json`;
