-- Whether a server leads, which it does for a while from now on: nobody else led, or it did already. A Redis too full to
-- write it down is led by all, since a sweep makes room.
-- KEYS: the leader's name. ARGV: the server, and for how many milliseconds.
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return 0 end
redis.pcall('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
