-- Runs SCAN once on the node that holds the tenant.
-- KEYS: the tenant's hash, which determines the node. ARGV: SCAN's cursor, pattern and count.
-- Returns the next cursor and the names.
return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
