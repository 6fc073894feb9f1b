-- The load of the benches: wrk -s load.lua URL -- MODE API_KEY PREFIX COUNTER. Writes how many requests it has sent so far to the
-- beginning of the file COUNTER, as a double, and one line of JSON at the end.
local ffi = require "ffi"
ffi.cdef [[
int open(const char *path, int flags, ...);
void *mmap(void *address, size_t length, int access, int flags, int file, int64_t offset);
]]
local READ_WRITE, SHARED = 3, 1

local prefix, headers, counter
local sent, keys = 0, 0
local claimed = {}

local function post(path, body)
  return wrk.format("POST", path, headers, body)
end

local function claim(key)
  return post("/v1/ai/lease", '{"key":"' .. key .. '","ttl":600}')
end

-- One in 500 has a job that a hook listens to.
local function new_key()
  keys = keys + 1
  return (keys % 500 == 0 and "told:" or "bench:") .. prefix .. ":" .. keys
end

local requests = {
  claim = function() return claim(new_key()) end,
  -- Distinct keys of 10,000 jobs, far from one another in an index.
  spread = function()
    keys = keys + 1
    return claim(string.format("job-%d:%08x:%s:%d", math.random(0, 9999), math.random(0, 2 ^ 31), prefix, keys))
  end,
  batch = function()
    local items = {}
    for item = 1, 100 do items[item] = '{"key":"' .. new_key() .. '","ttl":600}' end
    return post("/v1/ai/lease/batch", '{"items":[' .. table.concat(items, ",") .. "]}")
  end,
  -- Each claim is completed by the next free connection.
  cycle = function()
    local done = table.remove(claimed)
    if done then return post("/v1/ai/complete", done) end
    return claim(new_key())
  end,
}

function init(args)
  prefix = args[3]
  headers = {
    ["Authorization"] = "Bearer " .. args[2],
    ["Content-Type"] = "application/json",
    -- A duplicate is an answer, no error.
    ["X-OnceOnly-Outcomes"] = "200",
  }
  counter = ffi.cast("double *", ffi.C.mmap(nil, 8, READ_WRITE, SHARED, ffi.C.open(args[4], 2), 0))
  local make = requests[args[1]]
  request = function()
    sent = sent + 1
    counter[0] = sent
    return make()
  end
  if args[1] == "cycle" then
    response = function(_, _, body)
      local lease, key = body:match('"lease_id":"([^"]+)"'), body:match('"key":"([^"]+)"')
      if lease and body:find('"acquired"', 1, true) then
        claimed[#claimed + 1] = '{"key":"' .. key .. '","lease_id":"' .. lease .. '"}'
      end
    end
  end
end

function done(summary)
  -- Between slices its requests wait for long: that is no timeout.
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"refused":%d,"broken":%d}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write
  ))
end
