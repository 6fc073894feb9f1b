import type { LoadedModule } from './app.ts';

/** The same module, waiting for a key in flight only so long: Make waits 20 seconds. */
export function waitingFor(module: LoadedModule, seconds: number): LoadedModule {
  const communication = module.communication.map((section) => {
    const body = section['body'];
    if (typeof body !== 'object' || body === null || !('wait' in body)) return section;
    const wait = String(body.wait).replace(', 20)}}', `, ${String(seconds)})}}`);
    return { ...section, body: { ...body, wait } };
  });
  return { ...module, communication };
}
