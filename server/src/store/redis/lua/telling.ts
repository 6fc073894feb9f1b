import { EVENT_TYPES } from '../../../claims/events.ts';
import { MAX_WAITING } from '../../../hooks/hook-store.ts';

/** How many events of a tenant are kept, about; those that are looked for by their type in a list of their own. */
export const KEPT_EVENTS = 50_000;
/** Types that come by the thousand and are found without a list of their own. */
const OFTEN = ['claimed', 'duplicate', 'completed'];

/** The list that events of a type are looked for in: the name after `base`. */
export const listOf = (type: string | null): ':events' | ':seldom' =>
  type === null || OFTEN.includes(type) ? ':events' : ':seldom';

/**
 * Hooks are JSON in the hash `base:hooks`; the tenant's `mask` has a bit for each type that any of them wants.
 *
 * A delivery is JSON in `base:h:ID:all`, found by its event in `:log`, in `:over` once it is. One that waits is in
 * `:wait`, by key and event; the first of each key in `:due`, by the time of its next attempt.
 */
export const HOOKS = `
local function listeners()
  local found, all = {}, redis.call('HGETALL', base .. ':hooks')
  for i = 2, #all, 2 do found[#found + 1] = cjson.decode(all[i]) end
  return found
end

local function writeMask()
  local mask = 0
  for _, hook in ipairs(listeners()) do
    if hook.disabledAt == cjson.null then mask = bit.bor(mask, hook.mask) end
  end
  redis.call('HSET', base, 'mask', mask)
end

-- The first reason stands.
local function disable(hook, reason)
  if hook.disabledAt ~= cjson.null then return end
  hook.disabledAt, hook.disabledReason = now, reason
  redis.call('HSET', base .. ':hooks', hook.id, cjson.encode(hook))
  writeMask()
end

-- Sorts by event within a key: ids have 16 digits.
local function waitingOf(key) return #key .. ':' .. key .. ':' end
`;

/** Events, and with them, in the same script, their deliveries. They are best effort where no record was written. */
export const TELLING = `
local OFTEN = { ${OFTEN.map((type) => `${type} = true`).join(', ')} }
local BITS = { ${EVENT_TYPES.map((type, code) => `${type} = ${1 << code}`).join(', ')} }
local lastEvent = tonumber(meta[3]) or 0
local mask = tonumber(meta[4]) or 0

local function deliver(id, type, key, event)
  for _, hook in ipairs(listeners()) do
    local wanted = hook.disabledAt == cjson.null and bit.band(hook.mask, BITS[type]) ~= 0
    if wanted and (hook.job == cjson.null or string.sub(key, 1, #hook.job + 1) == hook.job .. ':') then
      local of, waiting = base .. ':h:' .. hook.id, waitingOf(key)
      local first = #redis.call('ZRANGEBYLEX', of .. ':wait', '[' .. waiting, '[' .. waiting .. '\\255', 'LIMIT', 0, 1) == 0
      event.state, event.nextAt, event.attempts = 'waiting', first and now or cjson.null, 0
      redis.pcall('HSET', of .. ':all', id, cjson.encode(event))
      redis.pcall('ZADD', of .. ':log', id, id)
      redis.pcall('ZADD', of .. ':wait', 0, waiting .. id)
      if first then redis.pcall('ZADD', of .. ':due', int(now), id) end
      if redis.call('ZCARD', of .. ':wait') > ${MAX_WAITING} then
        disable(hook, 'More than ${MAX_WAITING.toLocaleString('en-US')} events waited to be delivered.')
      end
    end
  end
end

-- To the end of a list of events, which is cut to its length once a script.
local isCut = {}
local function append(list, id, text)
  if isCut[list] then return redis.pcall('XADD', base .. list, id .. '-0', 'event', text) end
  redis.pcall('XADD', base .. list, 'MAXLEN', '~', ${KEPT_EVENTS}, id .. '-0', 'event', text)
  isCut[list] = true
end

-- Tells of a key; about: run, attempt, firstSeenAt, errorCode, by.
local function tell(type, key, about)
  lastEvent = math.max(lastEvent + 1, now * 1024)
  local id = int(lastEvent)
  changes.event = id
  local event = {
    at = now, type = type, key = key, run = about.run or cjson.null, attempt = about.attempt,
    firstSeenAt = about.firstSeenAt, errorCode = about.errorCode or cjson.null, by = about.by or cjson.null,
  }
  local text = cjson.encode(event)
  append(':events', id, text)
  if not OFTEN[type] then append(':seldom', id, text) end
  told[type] = (told[type] or 0) + 1
  if bit.band(mask, BITS[type]) ~= 0 then deliver(id, type, key, event) end
end
`;

/** What was charged in the month of `now` (UTC), and one more of it. */
export const USAGE = `
local function monthOf(instant)
  -- Days from 1 March of the year 0, in eras of 400 years: the usual way from days to a date.
  local day = math.floor(instant / 86400000) + 719468
  local era = math.floor(day / 146097)
  local ofEra = day - era * 146097
  local year = math.floor((ofEra - math.floor(ofEra / 1460) + math.floor(ofEra / 36524) - math.floor(ofEra / 146096)) / 365)
  local ofYear = ofEra - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local fromMarch = math.floor((5 * ofYear + 2) / 153)
  return (year + era * 400) * 12 + fromMarch + 2
end
local month = monthOf(now)
local sameMonth = tonumber(meta[5]) == month
local used = { ai = sameMonth and tonumber(meta[6]) or 0, make = sameMonth and tonumber(meta[7]) or 0 }

local function charge(kind)
  used[kind] = used[kind] + 1
  changes.month, changes.ai, changes.make = month, used.ai, used.make
end
`;
