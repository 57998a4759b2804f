"""``python -m benchmarks.network --records 22000 --libraries 12 --seed 1 --out DIR``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.network.build import network, truth


def main() -> None:
    """Write the files of the network, its truth and a list of the libraries."""
    parser = argparse.ArgumentParser(description="A network of Vietnamese libraries for evaluation.")
    parser.add_argument("--records", type=int, default=22_000)
    parser.add_argument("--libraries", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    write(asked.out, asked.records, asked.libraries, asked.seed)


def write(folder: Path, records: int, libraries: int, seed: int) -> int:
    """Write a network into a folder; how many records it has."""
    files = network(records, libraries, seed)
    listed = []
    for file in files:
        (folder / file.name).write_bytes(file.body)
        known = {"library": file.profile.code, "name": file.profile.name, "format": file.profile.format}
        encoding = "tcvn3" if file.profile.encoding == "tcvn3" else "auto"
        listed.append({**known, "file": file.name, "encoding": encoding, "records": len(file.descriptions)})
        print(f"{file.name:<18} {file.profile.format:<8} {len(file.descriptions):>7,}  {file.profile.name}")
    (folder / "truth.csv").write_text(truth(files), encoding="utf-8")
    (folder / "libraries.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return sum(len(file.descriptions) for file in files)


if __name__ == "__main__":
    main()
