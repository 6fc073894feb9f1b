import { MOMENT } from './moment.ts';
import { RECORDS } from './records.ts';
import { HOOKS, TELLING, USAGE } from './telling.ts';

/** Tells of up to `limit` runs of the tenant that died; the mark and the events are one write. Answers how many. */
export const TELL_DIED = `${MOMENT}${RECORDS}${HOOKS}${TELLING}
local died = redis.call('ZRANGEBYSCORE', base .. ':leases', '-inf', int(now), 'LIMIT', 0, c.limit)
for _, key in ipairs(died) do
  local record = load(key)
  if record and diedUntold(record) then
    local told = copyOf(record)
    told.deathTold = 1
    save(key, record, told)
    tell('run_died', key, record)
    if record.onExpired == 'block' then tell('unresolved', key, record) end
  else
    -- Somebody else has been at these keys.
    place(':leases', key, false)
  end
end
finish()
return #died
`;

/** Forgets up to `limit` records whose death was told, and events that are too old: nothing else needs it. */
export const SWEEP = `${MOMENT}${RECORDS}
local dead = redis.call('ZRANGEBYSCORE', base .. ':dead', '-inf', int(now), 'LIMIT', 0, c.limit)
for _, key in ipairs(dead) do
  local record = load(key)
  if record and record.state == 'in_progress' then
    saw(forgetAt(record))
    unindex(key, record)
    redis.call('DEL', base .. ':k:' .. key)
  else
    place(':dead', key, false)
  end
end
local oldest = int((now - c.eventDays * 86400000) * 1024) .. '-0'
local swept = #dead
for _, list in ipairs({ ':events', ':seldom' }) do
  swept = swept + redis.call('XTRIM', base .. list, 'MINID', '=', oldest)
end
finish()
return swept
`;

/**
 * Whether the server leads, which it does for `leaseMs` from now on: nobody else led, or it did already. A Redis too full to
 * write it down is led by all, since a sweep makes room.
 */
export const LEAD = `
local c = cjson.decode(ARGV[1])
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= c.server then return 0 end
redis.pcall('SET', KEYS[1], c.server, 'PX', c.leaseMs)
return 1
`;

/** Gives the lead up. */
export const RESIGN = `
local c = cjson.decode(ARGV[1])
if redis.call('GET', KEYS[1]) == c.server then redis.call('DEL', KEYS[1]) end
return 1
`;

/** Answers the month, `2026-11`, as a number of months, and what was charged in it. */
export const READ_USAGE = `${MOMENT}${USAGE}
return { month, used.ai, used.make }
`;

/** Writes a little, as a claim would: whether this can be done now. Answers the time, and what Redis's clock shows. */
export const CHECK = `${MOMENT}
wrote()
finish()
return { now, c.clock or (time[1] * 1000 + math.floor(time[2] / 1000)) }
`;
