import { MAX_HOOKS } from '../../../hooks/hook-store.ts';
import { MOMENT } from './moment.ts';
import { HOOKS } from './telling.ts';

/** Answers the hook as it is kept, or nothing where there are too many. */
export const CREATE_HOOK = `${MOMENT}${HOOKS}
if redis.call('HLEN', base .. ':hooks') >= ${MAX_HOOKS} then return false end
local hook = cjson.decode(c.hook)
hook.createdAt, hook.number = now, redis.call('HINCRBY', base, 'hooks', 1)
local text = cjson.encode(hook)
redis.call('HSET', base .. ':hooks', hook.id, text)
writeMask()
return text
`;

const OF_HOOK = `
local text = redis.call('HGET', base .. ':hooks', c.id)
local hook = text and cjson.decode(text)
local of = base .. ':h:' .. c.id
local function owned()
  return hook and (not c.createdBy or hook.createdBy == c.createdBy)
end
local function delivery(id)
  local packed = redis.call('HGET', of .. ':all', id)
  return packed and cjson.decode(packed)
end
local function keep(id, one) redis.call('HSET', of .. ':all', id, cjson.encode(one)) end
`;

/** With its deliveries. Answers 1, or 0 where there is no such hook. */
export const REMOVE_HOOK = `${MOMENT}${HOOKS}${OF_HOOK}
if not owned() then return 0 end
redis.call('HDEL', base .. ':hooks', c.id)
redis.call('UNLINK', of .. ':all', of .. ':log', of .. ':over', of .. ':wait', of .. ':due')
writeMask()
return 1
`;

/** Those that an API key made. */
export const DISABLE_HOOKS = `${MOMENT}${HOOKS}
for _, hook in ipairs(listeners()) do
  if hook.createdBy == c.createdBy then disable(hook, c.reason) end
end
return 1
`;

/** The newest first, each as its event's id and JSON; nothing where there is no such hook. */
export const LOG = `${MOMENT}${HOOKS}${OF_HOOK}
if not owned() then return false end
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', of .. ':log', 0, c.limit - 1)) do
  found[#found + 1] = { id, redis.call('HGET', of .. ':all', id) }
end
return found
`;

/** Takes up to `limit` that are due: nobody else is handed them for `leaseMs`. Answers the hook's JSON, and them. */
export const TAKE = `${MOMENT}${HOOKS}${OF_HOOK}
if not hook or hook.disabledAt ~= cjson.null then return false end
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', of .. ':due', '-inf', int(now), 'LIMIT', 0, c.limit)) do
  local one = delivery(id)
  if one then
    one.attempts, one.nextAt = one.attempts + 1, now + c.leaseMs
    keep(id, one)
    redis.call('ZADD', of .. ':due', int(one.nextAt), id)
    taken[#taken + 1] = { id, cjson.encode(one) }
  end
end
return { text, taken }
`;

/** What became of an attempt. A delivery that is over, or gone, stays as it is. */
export const SETTLE = `${MOMENT}${HOOKS}${OF_HOOK}
local one = delivery(c.event)
if not hook then return 0 end
if one and one.state == 'waiting' then
  one.statusCode, one.error = c.statusCode or cjson.null, c.error or cjson.null
  if c.outcome == 'retry' then
    one.nextAt = now + c.afterMs
    keep(c.event, one)
    redis.call('ZADD', of .. ':due', int(one.nextAt), c.event)
  else
    local delivered = c.outcome == 'delivered'
    one.state, one.nextAt = delivered and 'delivered' or 'given up', cjson.null
    one.deliveredAt = delivered and now or cjson.null
    keep(c.event, one)
    local waiting = waitingOf(one.key)
    redis.call('ZREM', of .. ':due', c.event)
    redis.call('ZREM', of .. ':wait', waiting .. c.event)
    redis.call('ZADD', of .. ':over', c.event, c.event)
    local following = redis.call('ZRANGEBYLEX', of .. ':wait', '[' .. waiting, '[' .. waiting .. '\\255', 'LIMIT', 0, 1)
    if delivered and following[1] then
      local id = string.sub(following[1], #waiting + 1)
      local after = delivery(id)
      after.nextAt = now
      keep(id, after)
      redis.call('ZADD', of .. ':due', int(now), id)
    end
  end
end
if c.outcome == 'disable' then disable(hook, c.reason) end
return 1
`;

/** How many deliveries of a hook are kept once they are over. */
const KEPT_OF_A_HOOK = 10_000;

/** Removes up to `limit` that are too old or too many; those that wait only where the hook is disabled. */
export const SWEEP_DELIVERIES = `${MOMENT}${HOOKS}${OF_HOOK}
if not hook then return 0 end
local oldest = (now - c.eventDays * 86400000) * 1024
local surplus = redis.call('ZREVRANGE', of .. ':log', ${KEPT_OF_A_HOOK}, ${KEPT_OF_A_HOOK})[1]
local last = int(math.max(oldest, tonumber(surplus) or 0))
local from = hook.disabledAt == cjson.null and ':over' or ':log'
local old = redis.call('ZRANGEBYSCORE', of .. from, '-inf', last, 'LIMIT', 0, c.limit)
for _, id in ipairs(old) do
  local one = delivery(id)
  if one then redis.call('ZREM', of .. ':wait', waitingOf(one.key) .. id) end
  redis.call('HDEL', of .. ':all', id)
  for _, list in ipairs({ ':log', ':over', ':due' }) do redis.call('ZREM', of .. list, id) end
end
return #old
`;
