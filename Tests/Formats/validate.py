"""Validates the SARIF logs and JSON Lines of a folder; and that faulty ones are refused."""

import copy
import json
import pathlib
import sys

import jsonschema
import pydantic
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log


def refuses(log: dict) -> bool:
    """Whether the models refuse a log."""
    try:
        Log.model_validate(log)
    except pydantic.ValidationError:
        return True
    return False


def check_sarif(path: pathlib.Path) -> int:
    """The number of results of a valid log; a level that SARIF does not have, or a log without a tool, must be refused."""
    log = json.loads(path.read_text())
    Log.model_validate(log)
    results = log["runs"][0]["results"]
    without_tool = copy.deepcopy(log)
    del without_tool["runs"][0]["tool"]
    assert refuses(without_tool), "a log without a tool was accepted"
    if results:
        fatal = copy.deepcopy(log)
        fatal["runs"][0]["results"][0]["level"] = "fatal"
        assert refuses(fatal), "the level `fatal` was accepted"
    return len(results)


def main() -> None:
    folder, schema = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    logs = lines = 0
    for path in sorted(folder.glob("*.sarif")):
        results = check_sarif(path)
        objects = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
        for one in objects:
            validator.validate(one)
            assert list(validator.iter_errors({**one, "schema": 2})), "another version was accepted"
        assert len(objects) == results, f"{path.stem}: {results} results in SARIF, {len(objects)} in JSON Lines"
        logs, lines = logs + 1, lines + results
    assert logs > 20 and lines > 20, "there was next to nothing to validate"
    print(f"{logs} SARIF logs and {lines} JSON lines are valid")


main()
