import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openWatched, samplesOf } from './watched.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const dashboard = JSON.parse(
  readFileSync(path.join(__dirname, '../grafana/onceonly.json'), 'utf8'),
) as Dashboard;
const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

const metricsIn = (text: string): readonly string[] =>
  text.match(/\b(?:onceonly|process|nodejs)_[a-z0-9_]+/g) ?? [];

/** By the names of the metrics, the names of the labels that their samples have. */
function labelsOf(samples: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>();
  for (const sample of samples) {
    const [name = ''] = metricsIn(sample);
    const known = labels.get(name) ?? new Set();
    for (const [, label = ''] of sample.matchAll(/[{,]([a-z_]+)="/g)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

test('every metric, label and route that the Grafana dashboard asks for is exposed, and every metric of ours is shown', async () => {
  const server = await openWatched({ ONCEONLY_METRICS: 'open' });
  try {
    await server.post('/v1/ai/lease', { key: 'k' });
    await server.post('/v1/ai/lease', { key: 'k' });
    const text = await (await server.metrics()).text();
    const exposed = labelsOf(samplesOf(text).keys());
    expect(queries.length).toBeGreaterThan(10);
    for (const query of queries) {
      const names = metricsIn(query);
      expect(names).not.toEqual([]);
      const asked = [
        ...[...query.matchAll(/[{,]([a-z_]+)(?:=|!)/g)].map(([, label]) => label),
        ...[...query.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list = '']) => list.split(', ')),
      ];
      for (const name of names) {
        // Prometheus adds `instance` to whatever it reads.
        expect([query, name, [...(exposed.get(name) ?? ['missing']), 'instance']]).toEqual([
          query,
          name,
          expect.arrayContaining(asked),
        ]);
      }
    }
    const routes = [...queries.join(' ').matchAll(/route="([^"]+)"/g)].map(([route]) => route);
    expect(routes).not.toEqual([]);
    for (const route of routes) expect(text).toContain(route);
    const shown = new Set(queries.flatMap(metricsIn));
    const parts = /_(?:bucket|sum|count)$/;
    const shownWhole = new Set([...shown].map((name) => name.replace(parts, '')));
    const ours = [...exposed.keys()].filter((name) => name.startsWith('onceonly_'));
    expect(ours.filter((name) => !shownWhole.has(name.replace(parts, '')))).toEqual([]);
  } finally {
    await server.close();
  }
});
