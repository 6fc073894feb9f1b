-- Removes a hook and its deliveries.
-- KEYS: the tenant's hooks, its disabled hooks, and the hook's queues. ARGV: the hook's id.
-- Returns 1, or 0 if there is no such hook.
local isRemoved = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('UNLINK', unpack(KEYS, 3))
return isRemoved
