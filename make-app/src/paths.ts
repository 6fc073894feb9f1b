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
