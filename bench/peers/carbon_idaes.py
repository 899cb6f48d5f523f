"""Times IDAES's own test of its 0-D temperature-swing model, for the carbon bench: by case, seconds of build, initialisation and solution, and whether it passed.

IDAES needs the solver ipopt on PATH; without HSL's linear solvers a case may fail to initialise, which is reported and not timed.
"""
import contextlib
import io
import json

import idaes
import pytest
from idaes.models_extra.temperature_swing_adsorption.tests import test_fixed_bed_tsa0d as cases

STEPS = ("test_build", "test_initialize", "test_solve")


class Times:
    def __init__(self):
        self.cases = {}

    def pytest_runtest_logreport(self, report):
        name, step = report.nodeid.split("::")[-2:]
        if step not in STEPS:
            return
        case = self.cases.setdefault(name, {"seconds": 0.0, "ok": True})
        case["seconds"] += report.duration
        case["ok"] &= report.passed


times = Times()
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    pytest.main(["-q", cases.__file__, "-k", " or ".join(STEPS)], plugins=[times])
print(json.dumps({"version": idaes.__version__, "cases": times.cases}))
