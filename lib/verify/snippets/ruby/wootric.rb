require "openssl"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: any object with headers["name"]. body: the raw bytes, of JSON or form fields.
  def self.verified?(headers, body)
    expected = "sha1=" + OpenSSL::HMAC.hexdigest("sha1", SECRET, body)
    OpenSSL.secure_compare(headers["x-wootric-signature"].to_s, expected)
  end
end
