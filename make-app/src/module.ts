import type { Members } from './json.ts';

/** A module of the app, section by section. */
export interface Module {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly type: 'action' | 'search' | 'universal';
  readonly group: string;
  readonly communication: Members | readonly Members[];
  readonly parameters: readonly Members[];
  readonly interface: readonly Members[];
  readonly samples: Members;
}
