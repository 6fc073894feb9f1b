import { Type } from 'typebox';
import { LIMITS } from '@onceonly/shared/limits.ts';
import { EVENT_TYPES, type DayCount, shownEvent } from '../../claims/events.ts';
import { answering, EventsAnswer, JobsAnswer, MetricsAnswer } from '../answer-schemas.ts';
import { iso, isoOrNull } from '../answers.ts';
import { DAY_MS } from '../../claims/record.ts';
import { callerOf } from '../auth.ts';
import { oneOf, text } from '../request-fields.ts';
import { count, type Refusal } from '../refusal.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const MAX_DAYS = 400;
const DEFAULT_DAYS = 30;

const EventsQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, description: 'At most so many; 50 if not said.' }),
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description: 'Without so many of the newest; 0 if not said.',
    }),
  ),
  type: Type.Optional(
    oneOf(EVENT_TYPES, 'Only what happened in this way, so far back as a bounded look takes.'),
  ),
  job: Type.Optional(
    text(LIMITS.keyCodePoints, 'Only keys of this job, so far back as a bounded look takes.'),
  ),
  key: Type.Optional(text(LIMITS.keyCodePoints, 'Only this key, as far back as events are kept.')),
});

const JobsQuery = Type.Object({
  type: oneOf(EVENT_TYPES, 'What is counted.'),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'At most so many jobs; 20 if not said.' }),
  ),
});

const day = (description: string) => Type.Optional(text(10, description));
const MetricsQuery = Type.Object({
  from_day: day('YYYY-MM-DD, UTC; 30 days ago if not said.'),
  to_day: day('YYYY-MM-DD, UTC; today if not said.'),
});

/** Recent events, and counts by day and by job. */
export function historyRoutes(app: App, { store, clock }: Services): void {
  const events = {
    summary: 'What happened lately, the newest first',
    querystring: EventsQuery,
    response: answering(EventsAnswer),
  };
  app.get('/events', { schema: events }, async (request, reply) => {
    const { limit = 50, offset = 0, type = null, job = null, key = null } = request.query;
    const { tenant, role } = callerOf(request);
    const recent = await store.events.recent({ tenant, limit, offset, type, job, key });
    // Only operators may see who decided about a key.
    const shown = recent.map((event) => ({
      ...shownEvent(event),
      ...(role === 'operator' && { by: event.by }),
    }));
    return sendAnswer(reply, JSON.stringify({ items: shown } satisfies EventsAnswer));
  });

  const metrics = {
    summary: 'How often each thing happened, by day',
    querystring: MetricsQuery,
    response: answering(MetricsAnswer),
  };
  app.get('/metrics', { schema: metrics }, async (request, reply) => {
    const { to_day: toDay = dayOf(clock()) } = request.query;
    const to = instantOf(toDay);
    if (to === null) return sendAnswer(reply, notADay('to_day', toDay));
    const { from_day: fromDay = dayOf(to - (DEFAULT_DAYS - 1) * DAY_MS) } = request.query;
    const from = instantOf(fromDay);
    if (from === null) return sendAnswer(reply, notADay('from_day', fromDay));
    if (from > to || to - from >= MAX_DAYS * DAY_MS) {
      return sendAnswer(
        reply,
        invalidDay(
          'from_day',
          `from_day must not be after to_day, nor more than ${count(MAX_DAYS - 1)} days before it.`,
          fromDay,
        ),
      );
    }
    const counts = await store.events.metrics({ tenant: callerOf(request).tenant, fromDay, toDay });
    return sendAnswer(
      reply,
      JSON.stringify({ from_day: fromDay, to_day: toDay, items: byDay(counts) } satisfies MetricsAnswer),
    );
  });

  const jobs = {
    summary: 'How often one thing happened to the keys of each job, by where their runs are, lately',
    querystring: JobsQuery,
    response: answering(JobsAnswer),
  };
  app.get('/metrics/jobs', { schema: jobs }, async (request, reply) => {
    const { type, limit = 20 } = request.query;
    const found = await store.events.jobs({ tenant: callerOf(request).tenant, type, limit });
    return sendAnswer(
      reply,
      JSON.stringify({ since: isoOrNull(found.sinceAt), items: [...found.jobs] } satisfies JobsAnswer),
    );
  });
}

/** One item for each day, with a member for each type of event that occurred. */
function byDay(counts: readonly DayCount[]): MetricsAnswer['items'] {
  const days = new Map<string, Record<string, number>>();
  for (const { day: name, type, count: times } of counts) {
    const members = days.get(name) ?? {};
    members[type] = times;
    days.set(name, members);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => ({ day: name, counts: members }));
}

const dayOf = (at: number): string => iso(at).slice(0, 10);

/** The start of a day; null if there is no such day. */
function instantOf(name: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(name)) return null;
  const at = Date.parse(`${name}T00:00:00.000Z`);
  return Number.isNaN(at) || dayOf(at) !== name ? null : at;
}

const notADay = (field: string, value: string): Refusal =>
  invalidDay(field, `${field} must be a day such as 2026-11-25.`, value);

function invalidDay(field: string, msg: string, input: string): Refusal {
  return { status: 422, detail: [{ type: 'date_parsing', loc: ['query', field], msg, input }] };
}
