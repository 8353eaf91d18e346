require "openssl"

module Hearback
  SECRET = ENV.fetch("HEARBACK_SECRET")
  raise "HEARBACK_SECRET is empty" if SECRET.empty?

  # headers: anything that answers headers["name"]. body: the bytes as they came.
  def self.verified?(headers, body)
    # whsec_ and base64: the key is the bytes that the base64 stands for.
    key = SECRET.delete_prefix("whsec_").unpack1("m")
    timestamp = headers["webhook-timestamp"]
    digest = OpenSSL::HMAC.digest("sha256", key, "#{headers["webhook-id"]}.#{timestamp}.".b + body)
    expected = "v1," + [digest].pack("m0")
    # While the secret is being changed there are several, with a space between them.
    genuine = headers["webhook-signature"].to_s.split(" ").any? { |given| OpenSSL.secure_compare(given, expected) }
    genuine && (Time.now.to_i - timestamp.to_i).abs <= 300
  end
end
