require_relative "../../lib/authorized" # only: authorization
require_relative "../../lib/verify" # only: signature

# config/routes.rb: post "/hooks/hearback", to: "hearback#create"
class HearbackController < ActionController::Base
  # Rails refuses a POST without a CSRF token, which shows that a form came from a page of your
  # own. A call comes from a server that never saw such a page; what is checked below shows where
  # it comes from. So for this path alone:
  skip_forgery_protection

  def create
    return head(:unauthorized) unless Hearback.authorized?(request.headers) # only: authorization
    return head(:unauthorized) unless Hearback.verified?(request.headers, request.raw_post) # only: signature

    # It is genuine: keep request.raw_post now, answer at once, and work with it in a job.
    head :no_content
  end
end
