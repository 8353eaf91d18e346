require "openssl"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: any object with headers["name"]. body: the raw bytes.
  def self.verified?(headers, body)
    expected = [OpenSSL::HMAC.digest("sha256", SECRET, body)].pack("m0")
    OpenSSL.secure_compare(headers["x-rateup-signature"].to_s, expected)
  end
end
