require "openssl"
require "time"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: any object with headers["name"]. body: the raw bytes.
  def self.verified?(headers, body)
    date = headers["date"].to_s
    expected = [OpenSSL::HMAC.digest("sha256", SECRET, "Date: #{date}\n".b + body)].pack("m0")
    genuine = OpenSSL.secure_compare(headers["x-ct-hmac-sha256"].to_s, expected)
    genuine && (Time.now - Time.httpdate(date)).abs <= 300
  end
end
