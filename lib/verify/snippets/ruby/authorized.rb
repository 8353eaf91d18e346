require "openssl"

module Hearback
  # The whole header value, including its first word.
  AUTHORIZATION = ENV.fetch("HEARBACK_AUTHORIZATION")
  raise "HEARBACK_AUTHORIZATION is empty" if AUTHORIZATION.empty?

  # headers: any object with headers["name"].
  def self.authorized?(headers)
    OpenSSL.secure_compare(headers["authorization"].to_s, AUTHORIZATION)
  end
end
