/**
 * Begins every script of a tenant. `KEYS[1]` is the tenant's hash, `base`; all its other keys begin with that name, and
 * so lie in the same hash slot. `c` is the command: JSON, with false for null.
 *
 * `now` is Redis's own time, but never before the time that the tenant was ever told (`c.floor`) or that is kept here:
 * a clock that is set back, or a failover to a machine whose clock is behind, cannot undo what was answered. In tests
 * `c.clock` takes the place of TIME.
 */
export const MOMENT = `
local base = KEYS[1]
local c = cjson.decode(ARGV[1])
for name, value in pairs(c) do
  if value == cjson.null then c[name] = false end
end

-- Numbers of 14 digits and more lose their last ones in Lua's own text.
local function int(number) return string.format('%.0f', number) end

local meta = redis.call('HMGET', base, 'now', 'fence', 'event', 'mask', 'month', 'ai', 'make')
local keptNow = tonumber(meta[1]) or 0
local time = redis.call('TIME')
local now = c.clock or (time[1] * 1000 + math.floor(time[2] / 1000))
now = math.max(now, keptNow, c.floor or 0)

-- What finish() writes into the tenant's hash.
local changes, timeIsKept = {}, false
local function change(field, value)
  changes[#changes + 1] = field
  changes[#changes + 1] = value
end

-- To be called with the ends that an answer depends on: one that was newly reached keeps the time.
local function saw(endsAt)
  if endsAt > keptNow and endsAt <= now then timeIsKept = true end
end

-- Where nothing else was written, a full Redis must not stop a mere answer.
local function finish(call)
  if #changes > 0 or timeIsKept then
    change('now', int(now))
    call('HSET', base, unpack(changes))
  end
end

-- A life in Redis. Under a test's clock Redis would forget by another time than the test's: it is given a day more.
local function lifeOf(milliseconds)
  return int(milliseconds + (c.clock and 86400000 or 0))
end
`;
