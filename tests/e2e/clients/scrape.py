"""What an address says when it is asked as Prometheus asks it: status, type and text, as one line of JSON. Who is not let in is told so by the status 0.

    scrape.py <url>
"""

import json
import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
        print(json.dumps({"status": answer.status, "type": answer.headers["Content-Type"], "text": answer.read().decode()}))
except urllib.error.HTTPError as error:
    print(json.dumps({"status": error.code, "type": error.headers["Content-Type"], "text": ""}))
except (urllib.error.URLError, TimeoutError) as error:
    print(json.dumps({"status": 0, "type": None, "text": str(error)}))
