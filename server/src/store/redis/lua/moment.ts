/**
 * Begins every script of a tenant. `KEYS[1]` is the tenant's hash, `base`; all its other keys begin with that name, and
 * so lie in the same hash slot. `c` is the command, or what a group of them shares: JSON, with false for null.
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

-- What finish() writes: fields of the tenant's hash, members' scores in its sorted sets (false: no member), and how many
-- events of each type there were today.
local changes, scores, told = {}, {}, {}
local function place(set, member, score)
  scores[set] = scores[set] or {}
  scores[set][member] = score
end

-- To be called with the ends that an answer depends on: one that was newly reached keeps the time.
local function saw(endsAt)
  if endsAt > keptNow and endsAt <= now then changes.now = int(now) end
end

-- To be called once a record is written: all that goes with it must then be written, too.
local isWritten = false
local function wrote()
  isWritten, changes.now = true, int(now)
end

-- Where no record was written, a full Redis must not stop a mere answer.
local function finish()
  for set, members in pairs(scores) do
    local added, removed = {}, {}
    for member, score in pairs(members) do
      if score then
        added[#added + 1] = score
        added[#added + 1] = member
      else
        removed[#removed + 1] = member
      end
    end
    if #added > 0 then redis.call('ZADD', base .. set, unpack(added)) end
    if #removed > 0 then redis.call('ZREM', base .. set, unpack(removed)) end
  end
  for type, count in pairs(told) do
    redis.pcall('HINCRBY', base .. ':days', int(math.floor(now / 86400000)) .. ':' .. type, count)
  end
  if not next(changes) then return end
  changes.now = int(now)
  local fields = {}
  for field, value in pairs(changes) do
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  local call = isWritten and redis.call or redis.pcall
  call('HSET', base, unpack(fields))
end

-- A life in Redis. Under a test's clock Redis would forget by another time than the test's: it is given a day more.
local function lifeOf(milliseconds)
  return int(milliseconds + (c.clock and 86400000 or 0))
end
`;
