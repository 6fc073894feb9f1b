-- Gives the lead up. KEYS: the leader's name. ARGV: the server.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
