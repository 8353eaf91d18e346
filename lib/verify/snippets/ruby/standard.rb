require "openssl"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: any object with headers["name"]. body: the raw bytes.
  def self.verified?(headers, body)
    # whsec_ and base64; the key is the decoded bytes.
    key = SECRET.delete_prefix("whsec_").unpack1("m")
    timestamp = headers["webhook-timestamp"]
    digest = OpenSSL::HMAC.digest("sha256", key, "#{headers["webhook-id"]}.#{timestamp}.".b + body)
    expected = "v1," + [digest].pack("m0")
    # During a rotation there are several signatures, separated by spaces.
    genuine = headers["webhook-signature"].to_s.split(" ").any? { |given| OpenSSL.secure_compare(given, expected) }
    genuine && (Time.now.to_i - timestamp.to_i).abs <= 300
  end
end
