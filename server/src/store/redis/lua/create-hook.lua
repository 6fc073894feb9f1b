-- Creates a hook.
-- KEYS: the tenant's hooks. ARGV: the hook's id, its JSON, and how many hooks a tenant may have.
-- Returns 1, or 0 if there are too many.
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
