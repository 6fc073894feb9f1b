-- Writes the changes of a batch of one tenant: all of them, or nothing if a record is not as it was loaded.
-- KEYS: the tenant's hash, its indexes (leases, dead, runs), its events, its rare events, its counts by day, its hooks, its
-- disabled hooks; then the changed records; then, for each hook that gets an event, its five queues: all, log, wait, due, over.
-- ARGV: the plan (JSON); then for each record: the text with which it must begin (empty: it must not exist), its fence, the
-- rest of its text, and its life in milliseconds (empty: no expiry; `gone`: remove it).
-- Returns 1, by how much the new fences are higher than planned, and the counters; or 0 if nothing was written.
local plan = cjson.decode(ARGV[1])
local RECORDS, HOOKS = 10, 10 + plan.records

local function int(number) return string.format('%.0f', number) end

local meta = redis.call('HMGET', KEYS[1], 'now', 'seen', 'hooks', 'event')
local kept, seen, last = tonumber(meta[1]) or 0, tonumber(meta[2]) or 0, tonumber(meta[4]) or 0

-- Nothing is written if this runs so late that the caller has already given it up, if the decision is older than an instant on
-- which another answer depends, or if the hooks were changed since.
local time = redis.call('TIME')
local age = time[1] * 1000 + math.floor(time[2] / 1000) - plan.loadedAt
if age > plan.timeout or plan.now < seen then return { 0 } end
if (tonumber(meta[3]) or 0) ~= plan.hooksVersion then return { 0 } end

for i = 0, plan.records - 1 do
  local expected = ARGV[2 + i * 4]
  if redis.call('GETRANGE', KEYS[RECORDS + i], 0, #expected - 1) ~= expected then return { 0 } end
end

-- The batch counted its fences on from the loaded one. If others took fences meanwhile, these become higher by as many.
local shift = 0
if plan.fences > 0 then
  shift = redis.call('HINCRBY', KEYS[1], 'fence', plan.fences) - plan.fences - plan.fence
end

for i = 0, plan.records - 1 do
  local fence, rest, life = ARGV[3 + i * 4], ARGV[4 + i * 4], ARGV[5 + i * 4]
  local number = tonumber(fence)
  if number and number > plan.fence then fence = int(number + shift) end
  if life == 'gone' then
    redis.call('DEL', KEYS[RECORDS + i])
  elseif life == '' then
    redis.call('SET', KEYS[RECORDS + i], fence .. rest)
  else
    redis.call('SET', KEYS[RECORDS + i], fence .. rest, 'PX', life)
  end
end

for i, index in ipairs(plan.indexes) do
  if #index.add > 0 then redis.call('ZADD', KEYS[1 + i], unpack(index.add)) end
  if #index.remove > 0 then redis.call('ZREM', KEYS[1 + i], unpack(index.remove)) end
end

local counters = {}
for i = 1, #plan.usage, 2 do
  local field, more = plan.usage[i], plan.usage[i + 1]
  local count = more > 0 and redis.call('HINCRBY', KEYS[1], field, more) or redis.call('HGET', KEYS[1], field)
  counters[#counters + 1] = tonumber(count) or 0
end

local fields = {}
if plan.now > kept then fields = { 'now', int(plan.now) } end
if plan.sees then
  fields[#fields + 1] = 'seen'
  fields[#fields + 1] = int(plan.now)
end

-- Only the first waiting event of a key is due. The next becomes due after it is delivered.
local function deliver(hook, id, event, waiting)
  local at = HOOKS + hook * 5
  local all, log, wait, due = KEYS[at], KEYS[at + 1], KEYS[at + 2], KEYS[at + 3]
  if redis.call('HEXISTS', KEYS[8], plan.hooks[hook + 1]) == 0 then return end
  local others = redis.call('ZRANGEBYLEX', wait, '[' .. waiting, '[' .. waiting .. '\255', 'LIMIT', 0, 1)
  local isFirst = #others == 0
  event.state, event.attempts = 'waiting', 0
  event.nextAt = isFirst and plan.now or cjson.null
  redis.pcall('HSET', all, id, cjson.encode(event))
  redis.pcall('ZADD', log, id, id)
  redis.pcall('ZADD', wait, 0, waiting .. id)
  if isFirst then redis.pcall('ZADD', due, int(plan.now), id) end
  if redis.call('ZCARD', wait) > plan.maxWaiting then
    if redis.pcall('HSETNX', KEYS[9], plan.hooks[hook + 1], plan.tooMany) == 1 then redis.call('HINCRBY', KEYS[1], 'hooks', 1) end
  end
end

-- A list is trimmed only once in a script.
local isCut = {}
local function append(list, id, text)
  if isCut[list] then return redis.pcall('XADD', list, id .. '-0', 'event', text) end
  isCut[list] = true
  return redis.pcall('XADD', list, 'MAXLEN', '~', plan.keptEvents, id .. '-0', 'event', text)
end

-- Events are best effort if no record was written, and if memory is full.
for _, event in ipairs(plan.events) do
  last = math.max(last + 1, plan.now * 1024)
  local id = int(last)
  append(KEYS[5], id, event.text)
  if event.seldom then append(KEYS[6], id, event.text) end
  for _, hook in ipairs(event.hooks or {}) do deliver(hook, id, cjson.decode(event.text), event.waiting) end
end
if #plan.events > 0 then
  fields[#fields + 1] = 'event'
  fields[#fields + 1] = int(last)
end
for i = 1, #plan.days, 2 do redis.pcall('HINCRBY', KEYS[7], plan.days[i], plan.days[i + 1]) end
if #fields > 0 then redis.call('HSET', KEYS[1], unpack(fields)) end
return { 1, shift, counters }
