from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .authorized import authorized  # only: authorization
from .verify import verify  # only: signature


# Django refuses a POST without a CSRF token, which proves that a form came from a page of your
# own site. A call comes from a server and has no token. The check below proves its origin
# instead, so this view is exempt:
@csrf_exempt
@require_POST
def hearback(request):
    if not authorized(request.headers):  # only: authorization
        return HttpResponse(status=401)  # only: authorization
    if not verify(request.headers, request.body):  # only: signature
        return HttpResponse(status=401)  # only: signature
    # The call is genuine. Store request.body, answer at once, and process it in a task.
    return HttpResponse(status=204)
