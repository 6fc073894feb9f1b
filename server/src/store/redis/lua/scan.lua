-- One look of SCAN at the keys of the node that has the tenant.
-- KEYS: the tenant's hash, which says which node that is. ARGV: SCAN's cursor, pattern and count.
-- Answers the next cursor and the names.
return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
