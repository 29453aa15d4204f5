"""Let django-helpdesk read one IMAP folder with its own command, and print what it took as JSON.

HELPDESK_HOME=FOLDER PYTHON_OF_HELPDESK -m benchmarks.helpdesk.reading HOST PORT USER PASSWORD
"""

import json
import os
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.helpdesk.project"

import django
from django.core.management import call_command


def main() -> None:
    """Make the database and the queue, run `get_email`, count."""
    django.setup()
    call_command("migrate", verbosity=0)
    from helpdesk.models import FollowUp, Queue, Ticket

    host, port, user, password = sys.argv[1:]
    Queue.objects.create(
        title="Office",
        slug="office",
        email_address="service@firma.example",
        allow_email_submission=True,
        email_box_type="imap",
        email_box_host=host,
        email_box_port=int(port),
        email_box_user=user,
        email_box_pass=password,
        email_box_imap_folder="INBOX",
        email_box_interval=0,
        logging_type="none",
    )
    cpu, wall = time.process_time(), time.perf_counter()
    call_command("get_email", quiet=True)
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - wall,
                "cpu": time.process_time() - cpu,
                "mails": FollowUp.objects.count(),
                "tickets": Ticket.objects.count(),
            }
        )
    )


if __name__ == "__main__":
    main()
