require_relative "authorized" # only: authorization
require_relative "verify" # only: signature

run lambda { |env|
  headers = ->(name) { env["HTTP_#{name.upcase.tr("-", "_")}"] }
  body = env["rack.input"].read # as it came: what was parsed and written again may differ by a byte
  next [401, {}, []] unless Hearback.authorized?(headers) # only: authorization
  next [401, {}, []] unless Hearback.verified?(headers, body) # only: signature

  # It is genuine: keep the body now, answer at once, and work with it afterwards.
  [204, {}, []]
}
