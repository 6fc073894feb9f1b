-- The load of `npm run bench`: wrk -s load.lua URL -- MODE API_KEY PREFIX. Prints one line of JSON at the end.
local mode, prefix, headers
local count = 0
local claimed = {}

local function post(path, body)
  return wrk.format("POST", path, headers, body)
end

local function claim(key)
  return post("/v1/ai/lease", '{"key":"' .. key .. '","ttl":600}')
end

local function new_key()
  count = count + 1
  return prefix .. ":" .. count
end

local function batch()
  local items = {}
  for item = 1, 100 do items[item] = '{"key":"' .. new_key() .. '","ttl":600}' end
  return post("/v1/ai/lease/batch", '{"items":[' .. table.concat(items, ",") .. "]}")
end

local requests = {
  claim = function() return claim(new_key()) end,
  batch = batch,
  -- Distinct keys that are far from one another in an index.
  spread = function()
    return claim(string.format("%08x", math.random(0, 2 ^ 31)) .. new_key())
  end,
  -- One in 500 has a job that a hook listens to.
  told = function()
    local key = new_key()
    return claim((count % 500 == 0 and "told:" or "bench:") .. key)
  end,
  -- One key, which another run holds.
  hot = function() return claim(prefix) end,
  -- Keys that are known already, but for the first round of them.
  duplicate = function()
    count = count % 1000 + 1
    return claim(prefix .. ":" .. count)
  end,
  -- Each claim is completed by the next free connection.
  cycle = function()
    local done = table.remove(claimed)
    if done then return post("/v1/ai/complete", done) end
    return claim(new_key())
  end,
}

function init(args)
  mode, prefix = args[1], args[3]
  headers = {
    ["Authorization"] = "Bearer " .. args[2],
    ["Content-Type"] = "application/json",
    -- A duplicate is an answer, no error.
    ["X-OnceOnly-Outcomes"] = "200",
  }
  request = requests[mode]
  if mode == "cycle" then
    response = function(_, _, body)
      local lease, key = body:match('"lease_id":"([^"]+)"'), body:match('"key":"([^"]+)"')
      if lease and body:find('"acquired"', 1, true) then
        claimed[#claimed + 1] = '{"key":"' .. key .. '","lease_id":"' .. lease .. '"}'
      end
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%.6f,"p50Ms":%.3f,"p99Ms":%.3f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
