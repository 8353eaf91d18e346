require "openssl"

module Hearback
  # The whole value of the header, with the word it begins with.
  AUTHORIZATION = ENV.fetch("HEARBACK_AUTHORIZATION")
  raise "HEARBACK_AUTHORIZATION is empty" if AUTHORIZATION.empty?

  # headers: anything that answers headers["name"].
  def self.authorized?(headers)
    OpenSSL.secure_compare(headers["authorization"].to_s, AUTHORIZATION)
  end
end
