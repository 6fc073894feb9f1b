import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';

interface DayMetrics {
  readonly items: readonly { readonly counts: Readonly<Record<string, number | undefined>> }[];
}

test('a newcomer is led to the page, can sign in with the key, and finds there what the table says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-storm-'));
  const storm = execFile(process.execPath, [join(__dirname, 'main.ts'), '--events', '10'], {
    cwd: folder,
    env: { ...process.env, ONCEONLY_PORT: '0' },
  });
  try {
    let told = '';
    for await (const text of storm.stdout ?? []) {
      told += String(text);
      if (told.includes('Ctrl+C stops it.')) break;
    }
    const url = /See it: (\S+)\/, sign in with the key in data\/api-key/.exec(told)?.[1];
    const apiKey = (await readFile(join(folder, 'data/api-key'), 'utf8')).trim();
    const headers = { 'x-onceonly-page': '1', 'sec-fetch-site': 'same-origin' };
    const signedIn = await axios.post(`${String(url)}/v1/session`, { api_key: apiKey }, { headers });
    expect(signedIn.data).toEqual({ ok: true });

    const stopped = Number(/stopped early +(\d+)/.exec(told)?.[1]);
    expect(stopped).toBeGreaterThan(0);
    const { data } = await axios.get<DayMetrics>(`${String(url)}/v1/metrics`, {
      headers: { Authorization: `Bearer ${apiKey}` },
    });
    const sum = (type: string): number =>
      data.items.reduce((all, { counts }) => all + (counts[type] ?? 0), 0);
    expect({ stopped: sum('duplicate'), takenOver: sum('taken_over') }).toEqual({ stopped, takenOver: 1 });
  } finally {
    storm.kill();
    await once(storm, 'exit');
    await rm(folder, { recursive: true });
  }
});
