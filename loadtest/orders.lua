-- wrk script: single orders, each with a client order id of its own. The tag keeps runs apart.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local tag = os.getenv("RUN_TAG") or tostring(os.time())
  sent = 0
  head = '{"clientOrderId":"' .. tag .. "-" .. number .. "-"
  tail = '","customerId":"c-42","currency":"EUR",'
      .. '"items":[{"sku":"ABC-1","quantity":2,"unitPrice":"12.50"}],"attributes":{"channel":"web"}}'
  wrk.method = "POST"
  wrk.path = "/orders"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  sent = sent + 1
  return wrk.format(nil, nil, nil, head .. sent .. tail)
end
