require_relative "authorized" # only: authorization
require_relative "verify" # only: signature

run lambda { |env|
  headers = ->(name) { env["HTTP_#{name.upcase.tr("-", "_")}"] }
  body = env["rack.input"].read # the raw bytes: parsing and writing them again may change some
  next [401, {}, []] unless Hearback.authorized?(headers) # only: authorization
  next [401, {}, []] unless Hearback.verified?(headers, body) # only: signature

  # The call is genuine. Store the body, answer at once, and process it later.
  [204, {}, []]
}
