"""The pages of django-helpdesk, to which its mails point."""

from django.urls import include, path

urlpatterns = [path("helpdesk/", include("helpdesk.urls"))]
