-- KEYS: the tenant's hooks. ARGV: the hook's id, its JSON, and how many a tenant may have.
-- Answers 1, or 0 where there are too many.
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
