from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .authorized import authorized  # only: authorization
from .verify import verify  # only: signature


# Django refuses a POST without a CSRF token, which shows that a form came from a page of your
# own. A call comes from a server that never saw such a page; what is checked below shows where
# it comes from. So for this view alone:
@csrf_exempt
@require_POST
def hearback(request):
    if not authorized(request.headers):  # only: authorization
        return HttpResponse(status=401)  # only: authorization
    if not verify(request.headers, request.body):  # only: signature
        return HttpResponse(status=401)  # only: signature
    # It is genuine: keep request.body now, answer at once, and work with it in a task.
    return HttpResponse(status=204)
