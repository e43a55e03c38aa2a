"""Holds SARIF logs to the schema of OASIS: sarif.py METADATA LOG...

METADATA is what `cargo metadata` prints for the package beside this file, whose dependency ships the schema.
"""

import json
import sys
from pathlib import Path

import jsonschema


def main(metadata, *logs):
    packages = json.loads(Path(metadata).read_text())["packages"]
    (manifest,) = [package["manifest_path"] for package in packages if package["name"] == "serde-sarif"]
    schema = json.loads((Path(manifest).parent / "src" / "schema.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    if validator.is_valid({"version": "2.1.0", "runs": [{"tool": {}}]}):
        sys.exit("the schema accepts a log without the name of a tool")
    for log in logs:
        document = json.loads(Path(log).read_text())
        validator.validate(document)
        results = document["runs"][0]["results"]
        if not results:
            sys.exit(f"{log} holds no results to check")
        print(f"{log}: {len(results)} results, valid")


main(*sys.argv[1:])
