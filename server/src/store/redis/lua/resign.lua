-- Ends the lead of a server. KEYS: the key that holds the leader. ARGV: the server.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
