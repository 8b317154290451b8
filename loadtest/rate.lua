-- wrk script: single orders at fixed times (open model), one connection a thread (-t N -c N): N clients, each with a time
-- table of its own. Order k of thread i is meant for START + (k N + i) / RATE seconds, and its latency counts from there; what
-- falls due while a client waits for an answer leaves late. Each thread writes a line for each answer to ANSWERS.i: due and
-- latency in microseconds, status. START is on the monotonic clock. An order leaves up to a millisecond late: so fine is
-- the timer of wrk.
local ffi = require("ffi")
ffi.cdef[[
typedef struct { long seconds; long nanos; } rate_time;
int clock_gettime(int clock, rate_time *now);
]]
local MONOTONIC = 1
local NEVER = 3600000
local time = ffi.new("rate_time")
local threads = 0

local function now()
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) * 1e6 + tonumber(time.nanos) / 1e3
end

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  rate, clients = tonumber(os.getenv("RATE")), tonumber(os.getenv("CLIENTS"))
  start, seconds = tonumber(os.getenv("START")) * 1e6, tonumber(os.getenv("SECONDS"))
  answers = assert(io.open(os.getenv("ANSWERS") .. "." .. number, "w"))
  answers:setvbuf("full", 65536)
  order, due = -1, 0
  head = '{"clientOrderId":"' .. os.getenv("RUN_TAG") .. "-" .. number .. "-"
  tail = '","customerId":"c-42","currency":"EUR",'
      .. '"items":[{"sku":"ABC-1","quantity":2,"unitPrice":"12.50"}],"attributes":{"channel":"web"}}'
  wrk.method = "POST"
  wrk.path = "/orders"
  wrk.headers["Content-Type"] = "application/json"
end

-- Milliseconds until the next order.
function delay()
  order = order + 1
  due = (order * clients + number) / rate * 1e6
  if due >= seconds * 1e6 then
    return NEVER
  end
  return math.max(0, math.floor((start + due - now()) / 1e3 + 0.5))
end

function request()
  return wrk.format(nil, nil, nil, head .. order .. tail)
end

function response(status, headers, body)
  answers:write(string.format("%d %d %d\n", due, now() - start - due, status))
end
