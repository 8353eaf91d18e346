require_relative "../../lib/authorized" # only: authorization
require_relative "../../lib/verify" # only: signature

# config/routes.rb: post "/hooks/hearback", to: "hearback#create"
class HearbackController < ActionController::Base
  # Rails refuses a POST without a CSRF token, which proves that a form came from a page of your
  # own site. A call comes from a server and has no token. The check below proves its origin
  # instead, so this path is exempt:
  skip_forgery_protection

  def create
    return head(:unauthorized) unless Hearback.authorized?(request.headers) # only: authorization
    return head(:unauthorized) unless Hearback.verified?(request.headers, request.raw_post) # only: signature

    # The call is genuine. Store request.raw_post, answer at once, and process it in a job.
    head :no_content
  end
end
