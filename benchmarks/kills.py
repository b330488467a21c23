"""The bot killed (SIGKILL) again and again while providers work: is anything paid for twice, does every brief end?

python benchmarks/kills.py [KILLS] [BRIEFS]     # 50 and 24 unless told
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from killing import killed


def main() -> None:
    """Run and say."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    briefs = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(killed(Path(folder), kills, briefs=briefs))
    print(f"kills                    {found.kills}")
    print(f"briefs that ended        {len(found.ended)} of {briefs}")
    print(f"pictures paid for        {sum(found.paid.values())}")
    print(f"paid for more than once  {found.twice}")


if __name__ == "__main__":
    main()
