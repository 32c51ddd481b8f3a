-- What wrk sends: the requests of a file, one a line (`<token> <body>`); thread k of n takes every n-th, each once.
-- A thread whose lines are used up stops. Prints one JSON line: answers by status, the seconds from the first request
-- to the last answer, and latencies.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *now);
]]
local MONOTONIC = 1
local threads, moment = {}, ffi.new("moment")

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  statuses, lines, at, first, last = {}, {}, 0, 0, 0
  local count, index = tonumber(args[2]), 0
  for line in io.lines(args[1]) do
    if index % count == number then table.insert(lines, line) end
    index = index + 1
  end
end

function request()
  if at == 0 then first = now() end
  at = at + 1
  if at > #lines then
    wrk.thread:stop()
    at = #lines
  end
  local token, body = lines[at]:match("^(%S+) (.*)$")
  return wrk.format("POST", wrk.path, {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}, body)
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
  last = now()
end

function done(summary, latency)
  local all, begun, ended = {}, math.huge, 0
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do all[status] = (all[status] or 0) + count end
    begun = math.min(begun, thread:get("first"))
    ended = math.max(ended, thread:get("last"))
  end
  local parts = {}
  for status, count in pairs(all) do table.insert(parts, string.format('"%d": %d', status, count)) end
  io.write(string.format(
    '{"statuses": {%s}, "seconds": %.3f, "p50_ms": %.2f, "p99_ms": %.2f, "broken": %d}\n',
    table.concat(parts, ", "), ended - begun, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
