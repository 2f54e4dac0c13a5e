"""Does closing a tab give its memory back? ``python -m benchmarks.memory``.

Fifty rounds of open, upload, standardize, close; the server's resident size is printed every five rounds and
should level off.
"""

import argparse
import asyncio

from benchmarks.load import table
from benchmarks.server import resident_mb, running_app
from benchmarks.visitor import Visitor

SESSION_TTL_SECONDS = 2


async def one_round(url: str, number: int, *, rows: int) -> None:
    visitor = Visitor(url, f"round {number}")
    await visitor.open()
    await visitor.upload(table(number, rows=rows), name=f"table{number:03d}.csv")
    await visitor.go_to("standardize")
    await visitor.close()
    assert not visitor.errors, visitor.errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--rows", type=int, default=50_000)
    chosen = parser.parse_args()
    sizes = []
    with running_app("--server.disconnectedSessionTTL", str(SESSION_TTL_SECONDS)) as (url, pid):
        for number in range(chosen.rounds):
            asyncio.run(one_round(url, number, rows=chosen.rows))
            sizes.append(resident_mb(pid))
            if number % 5 == 4:
                print(f"after {number + 1} rounds: {sizes[-1]:,.0f} MB", flush=True)
    middle, last = sum(sizes[20:30]) / 10, sum(sizes[-10:]) / 10
    print(f"mean of rounds 21 to 30: {middle:,.0f} MB; of the last ten: {last:,.0f} MB; ", end="")
    print(f"ratio {last / middle:.2f}")


if __name__ == "__main__":
    main()
