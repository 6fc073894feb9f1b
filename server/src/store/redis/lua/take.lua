-- Takes due deliveries of a hook, which are then not due again until a later instant.
-- KEYS: the tenant's hooks, its disabled hooks, and of the hook: all, due.
-- ARGV: the hook's id, now, until when (milliseconds), and how many at most.
-- Returns the hook's JSON and the deliveries; nothing if the hook was removed or is disabled.
local hook = redis.call('HGET', KEYS[1], ARGV[1])
if not hook or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return false end
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', ARGV[2], 'LIMIT', 0, ARGV[4])) do
  local text = redis.call('HGET', KEYS[3], id)
  if text then
    local delivery = cjson.decode(text)
    delivery.attempts, delivery.nextAt = delivery.attempts + 1, tonumber(ARGV[3])
    text = cjson.encode(delivery)
    redis.call('HSET', KEYS[3], id, text)
    redis.call('ZADD', KEYS[4], ARGV[3], id)
    taken[#taken + 1] = { id, text }
  end
end
return { hook, taken }
