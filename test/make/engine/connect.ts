import { loadApp, type LoadedApp, type Section } from './app.ts';
import { render } from './evaluate.ts';
import { type LogEntry, send } from './http.ts';
import { refuseErrors, refuseInvalid, type Connected } from './run.ts';

export interface Made extends Connected {
  readonly app: LoadedApp;
  /** How the connection is named in a list. */
  readonly label: string;
  readonly log: LogEntry[];
}

/**
 * Makes a connection as a user does: what was entered is tested against the service, and what the connection keeps is
 * kept. [S] It inherits nothing from the base.
 * @throws {MakeError} where the test fails.
 */
export async function connect(entered: { readonly baseUrl: string; readonly apiKey: string }): Promise<Made> {
  const app = await loadApp();
  const { communication } = app.connection;
  const log: LogEntry[] = [];
  const answer = await send(communication, {}, { parameters: entered }, log);
  const variables = { parameters: entered, ...answer };
  const response = communication['response'] as Section;
  refuseErrors(answer, response, {}, variables);
  refuseInvalid(answer, response, {}, variables);
  const metadata = response['metadata'] as Section;
  return {
    app,
    base: app.base,
    connection: { ...entered, ...(render(response['data'], variables) as Section) },
    label: String(render(metadata['value'], variables)),
    log,
  };
}
