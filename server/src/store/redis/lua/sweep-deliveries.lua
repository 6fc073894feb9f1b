-- Removes deliveries of a hook that are too old or too many. Waiting ones are removed only if the hook is disabled.
-- KEYS: the tenant's disabled hooks, and the hook's queues: all, log, wait, due, over.
-- ARGV: the hook's id, the event up to which all are too old, how many are kept, and how many may be removed.
-- Returns how many were removed.
local surplus = redis.call('ZREVRANGE', KEYS[3], ARGV[3], ARGV[3])[1]
local last = string.format('%.0f', math.max(tonumber(ARGV[2]), tonumber(surplus) or 0))
local from = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 and KEYS[3] or KEYS[6]
local old = redis.call('ZRANGEBYSCORE', from, '-inf', last, 'LIMIT', 0, ARGV[4])
for _, id in ipairs(old) do
  local text = redis.call('HGET', KEYS[2], id)
  if text then
    local key = cjson.decode(text).key
    redis.call('ZREM', KEYS[4], #key .. ':' .. key .. ':' .. id)
  end
  redis.call('HDEL', KEYS[2], id)
  for _, queue in ipairs({ KEYS[3], KEYS[5], KEYS[6] }) do redis.call('ZREM', queue, id) end
end
return #old
