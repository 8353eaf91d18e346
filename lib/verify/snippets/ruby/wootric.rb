require "openssl"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: anything that answers headers["name"]. body: the bytes as they came, JSON or form fields alike.
  def self.verified?(headers, body)
    expected = "sha1=" + OpenSSL::HMAC.hexdigest("sha1", SECRET, body)
    OpenSSL.secure_compare(headers["x-wootric-signature"].to_s, expected)
  end
end
