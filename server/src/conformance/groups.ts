import { claim, type Promised } from './server-under-test.ts';
import { expectRefusal, expectReply } from './expect.ts';

/** Only one key of a group at a time, and only newer changes. */
export const groups: readonly Promised[] = [
  {
    capability: 'groups',
    call: 'POST /v1/ai/lease',
    says: 'Of a group one key is at work at a time; the others are told to come again, and go on after it.',
    async check(server) {
      const group = server.newKey();
      const first = await server.acquire(server.newKey(), { group });
      const key = server.newKey();
      const told = await claim(server, key, { group });
      expectReply(told, 200, { status: 'in_progress', busy: 'group', busy_key: first.key, lease_id: null });
      await server.post('/v1/ai/complete', { key: first.key, lease_id: first.lease_id });
      await server.acquire(key, { group });
    },
  },
  {
    capability: 'groups',
    call: 'POST /v1/ai/lease',
    says: 'Once a newer change of a group is completed, an older one is told that it is stale.',
    async check(server) {
      const group = server.newKey();
      const { key, lease_id } = await server.acquire(server.newKey(), { group, sequence: 2 });
      await server.post('/v1/ai/complete', { key, lease_id });
      const older = await claim(server, server.newKey(), { group, sequence: 1 });
      expectReply(older, 200, { status: 'stale', newest: '2', lease_id: null });
      expectRefusal(
        await claim(server, server.newKey(), { group, sequence: '2026-11-29' }),
        422,
        'sequence_kind',
      );
      await server.acquire(server.newKey(), { group, sequence: 3 });
    },
  },
];
