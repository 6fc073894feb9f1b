-- Makes a server the leader for some time, unless another one is. Returns whether it is the leader. If Redis is too full to
-- store this, every server is a leader, because a sweep makes room.
-- KEYS: the key that holds the leader. ARGV: the server, and for how many milliseconds.
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return 0 end
redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
