"""Start the stand-in by hand: python -m tests.standins.plaid --port 8700."""

import argparse

from tests.standins.plaid.server import CLIENT_ID, SECRET, PlaidStandIn

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=8700)
stand_in = PlaidStandIn(port=arguments.parse_args().port)
print(f"PLAID_BASE_URL={stand_in.url} PLAID_CLIENT_ID={CLIENT_ID} PLAID_SECRET={SECRET}", flush=True)
stand_in.serve_forever()
