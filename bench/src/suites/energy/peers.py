# Peers of the energy bench: prints one number (seconds, milliseconds or MB) as its last line. Usage: peers.py TASK PATH
import re
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def matrices(path):
    text = re.sub(r"%.*", "", open(path, encoding="utf8", errors="replace").read())
    out = {"baseMVA": float(re.search(r"baseMVA\s*=\s*([\d.eE+]+)", text).group(1))}
    for name, body in re.findall(r"mpc\.(\w+)\s*=\s*\[(.*?)\]", text, re.S):
        out[name] = np.array([[float(v) for v in row.split()] for row in body.strip().strip(";").split(";") if row.strip()])
    return out


def median(run, runs=5):
    run()
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        run()
        times.append(time.perf_counter() - t)
    return sorted(times)[len(times) // 2]


def model(path):
    m = matrices(path)
    bus, base = m["bus"], m["baseMVA"]
    index = {int(b[0]): i for i, b in enumerate(bus)}
    gen = m["gen"][m["gen"][:, 7] > 0]
    cost = m["gencost"][: len(m["gen"])][m["gen"][:, 7] > 0]
    branch = m["branch"][m["branch"][:, 10] == 1]
    f = np.array([index[int(b)] for b in branch[:, 0]])
    t = np.array([index[int(b)] for b in branch[:, 1]])
    at = np.array([index[int(g)] for g in gen[:, 0]])
    return bus, gen, cost, branch, f, t, at, base


def dcopf(path):
    import highspy

    bus, gen, cost, branch, f, t, at, base = model(path)
    nb, ng, nl = len(bus), len(gen), len(branch)
    inf = highspy.kHighsInf
    b = branch[:, 3] / (branch[:, 2] ** 2 + branch[:, 3] ** 2)
    low, high = b * np.radians(branch[:, 11]), b * np.radians(branch[:, 12])
    rate = np.where(branch[:, 5] > 0, branch[:, 5] / base, inf)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = nb + ng + nl, nb + nl
    lp.col_cost_ = np.concatenate([np.zeros(nb), cost[:, -2] * base, np.zeros(nl)])
    ref = bus[:, 1] == 3
    lp.col_lower_ = np.concatenate([np.where(ref, 0, -inf), gen[:, 9] / base, np.maximum(-rate, np.minimum(low, high))])
    lp.col_upper_ = np.concatenate([np.where(ref, 0, inf), gen[:, 8] / base, np.minimum(rate, np.maximum(low, high))])
    need = (bus[:, 2] + bus[:, 4]) / base
    lp.row_lower_ = lp.row_upper_ = np.concatenate([need, np.zeros(nl)])
    from scipy.sparse import coo_matrix

    k = np.arange(nl)
    rows = np.concatenate([at, f, t, nb + k, nb + k, nb + k])
    cols = np.concatenate([nb + np.arange(ng), nb + ng + k, nb + ng + k, nb + ng + k, f, t])
    vals = np.concatenate([np.ones(ng), -np.ones(nl), np.ones(nl), np.ones(nl), -b, b])
    a = coo_matrix((vals, (rows, cols)), shape=(nb + nl, nb + ng + nl)).tocsc()
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = a.indptr, a.indices, a.data

    def run():
        h = highspy.Highs()
        h.setOptionValue("output_flag", False)
        h.setOptionValue("threads", 1)
        h.passModel(lp)
        h.run()

    return median(run)


def acopf(path):
    import casadi as ca

    bus, gen, cost, branch, f, t, at, base = model(path)
    nb, ng, nl = len(bus), len(gen), len(branch)
    y = 1 / (branch[:, 2] + 1j * branch[:, 3])
    tap = np.where(branch[:, 8] == 0, 1, branch[:, 8]) * np.exp(1j * np.radians(branch[:, 9]))
    ytt = y + 0.5j * branch[:, 4]
    yff = ytt / np.abs(tap) ** 2
    yft, ytf = -y / np.conj(tap), -y / tap
    va, vm, pg, qg = ca.SX.sym("a", nb), ca.SX.sym("v", nb), ca.SX.sym("p", ng), ca.SX.sym("q", ng)
    d = va[f.tolist()] - va[t.tolist()]
    vf, vt = vm[f.tolist()], vm[t.tolist()]
    c, s = ca.cos(d), ca.sin(d)
    pf = yff.real * vf**2 + vf * vt * (yft.real * c + yft.imag * s)
    qf = -yff.imag * vf**2 + vf * vt * (yft.real * s - yft.imag * c)
    pt = ytt.real * vt**2 + vf * vt * (ytf.real * c - ytf.imag * s)
    qt = -ytt.imag * vt**2 + vf * vt * (-ytf.real * s - ytf.imag * c)
    p = [bus[i, 2] / base + bus[i, 4] / base * vm[i] ** 2 for i in range(nb)]
    q = [bus[i, 3] / base - bus[i, 5] / base * vm[i] ** 2 for i in range(nb)]
    for k in range(nl):
        p[f[k]] += pf[k]
        q[f[k]] += qf[k]
        p[t[k]] += pt[k]
        q[t[k]] += qt[k]
    for g in range(ng):
        p[at[g]] -= pg[g]
        q[at[g]] -= qg[g]
    limit = [k for k in range(nl) if branch[k, 5] > 0]
    rate = (branch[limit, 5] / base) ** 2
    sf, st = (pf**2 + qf**2)[limit], (pt**2 + qt**2)[limit]
    g = ca.vertcat(*p, *q, sf, st, d)
    lbg = np.concatenate([np.zeros(2 * nb), -np.inf * np.ones(2 * len(limit)), np.radians(branch[:, 11])])
    ubg = np.concatenate([np.zeros(2 * nb), rate, rate, np.radians(branch[:, 12])])
    c2, c1, c0 = cost[:, 4], cost[:, 5], cost[:, 6]
    objective = ca.sum1(c2 * (base * pg) ** 2 + c1 * base * pg + c0)
    x = ca.vertcat(va, vm, pg, qg)
    ref = bus[:, 1] == 3
    lbx = np.concatenate([np.where(ref, 0, -np.inf), bus[:, 12], gen[:, 9] / base, gen[:, 4] / base])
    ubx = np.concatenate([np.where(ref, 0, np.inf), bus[:, 11], gen[:, 8] / base, gen[:, 3] / base])
    options = {"ipopt.print_level": 0, "print_time": 0, "ipopt.sb": "yes", "ipopt.linear_solver": "mumps"}
    solver = ca.nlpsol("s", "ipopt", {"x": x, "f": objective, "g": g}, options)
    x0 = np.concatenate([np.zeros(nb), np.ones(nb), np.zeros(2 * ng)])
    start = time.perf_counter()
    r = solver(x0=x0, lbx=lbx, ubx=ubx, lbg=lbg, ubg=ubg)
    seconds = time.perf_counter() - start
    if not solver.stats()["success"]:
        raise SystemExit("Ipopt: " + solver.stats()["return_status"])
    print("cost", float(r["f"]))
    return seconds


def network(path):
    import logging

    import pypsa

    logging.disable(logging.WARNING)
    n = pypsa.Network()
    n.import_from_csv_folder(path)
    return n


def build(path):
    n = network(path)
    return median(lambda: n.optimize.create_model(), 3)


def memory(path):
    import gc

    import linopy  # noqa: F401  (what importing takes is not what building takes)

    n = network(path)
    gc.collect()
    open("/proc/self/clear_refs", "w").write("5")
    before = status("VmRSS")
    n.optimize.create_model()
    return status("VmHWM") - before


def peak(path):
    network(path).optimize.create_model()
    return status("VmHWM")


def status(name):
    return int(re.search(rf"^{name}:\s+(\d+)", open("/proc/self/status").read(), re.M).group(1)) / 1e3


def plan(path):
    start = time.perf_counter()
    n = network(path)
    n.optimize(solver_name="highs", log_to_console=False, threads=1)
    return time.perf_counter() - start


def solve(path):
    # A program that we built, solved by native HiGHS: sizes, then column and row data, then the matrix by rows, all as doubles.
    import highspy

    data = np.fromfile(path)
    n, m, entries = (int(v) for v in data[:3])
    sizes = [1, n, n, n, m, m, m + 1, entries, entries]
    offset, cost, low, high, row_low, row_high, starts, indices, values = np.split(data[3:], np.cumsum(sizes)[:-1])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = n, m, float(offset[0])
    lp.col_cost_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_ = cost, low, high, row_low, row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts.astype(int), indices.astype(int), values
    start = time.perf_counter()
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.passModel(lp)
    h.run()
    seconds = time.perf_counter() - start
    print("objective", h.getInfo().objective_function_value)
    return seconds


# The power flows of one batch: all loads and generation times a factor, each from the base case's answer.
COUNT = 50


def factor(k):
    return 1 + 0.02 * np.sin(k)


def converted(path):
    # pandapower's own copies of the grids (its reader of MATPOWER data does not run with every version of pandas).
    import pandapower as pp
    import pandapower.networks as nw

    name = {"118": "case118", "300": "case300", "1354": "case1354pegase"}[re.search(r"case(\d+)", path).group(1)]
    net = getattr(nw, name)()
    pp.runpp(net, numba=True, tolerance_mva=1e-6)
    return net


def matpower(path):
    # The same grid for us, as a MATPOWER case on standard output's last line but one.
    net = converted(path)
    ppc = net._ppc["internal"] if "bus" in net._ppc.get("internal", {}) else net._ppc
    rows = lambda m, n: ";".join(" ".join(repr(float(np.real(v))) for v in r[:n]) for r in m)
    bus = np.array(ppc["bus"], dtype=complex).real
    bus[:, 0] += 1
    gen, branch = np.array(ppc["gen"], dtype=complex).real, np.array(ppc["branch"], dtype=complex).real
    gen[:, 0] += 1
    branch[:, :2] += 1
    branch[:, 5] = 0
    branch[:, 11:13] = [-360, 360]
    text = f"function mpc = grid\nmpc.version = '2';\nmpc.baseMVA = {ppc['baseMVA']};\n"
    text += f"mpc.bus = [{rows(bus, 13)}];\nmpc.gen = [{rows(gen, 10)}];\nmpc.branch = [{rows(branch, 13)}];\n"
    open(sys.argv[3], "w").write(text)
    return float(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum())


def pandapower(path):
    import pandapower as pp

    net = converted(path)
    load, reactive, made = net.load.p_mw.copy(), net.load.q_mvar.copy(), net.gen.p_mw.copy()
    static = net.sgen.p_mw.copy()

    def batch():
        for k in range(COUNT):
            net.load.p_mw, net.load.q_mvar, net.gen.p_mw = load * factor(k), reactive * factor(k), made * factor(k)
            net.sgen.p_mw = static * factor(k)
            pp.runpp(net, init="results", numba=True, tolerance_mva=1e-6)

    return 1000 * median(batch, 3) / COUNT


def lightsim2grid(path):
    from lightsim2grid.network import init_from_pandapower
    from lightsim2grid.solver import SolverType

    net = converted(path)
    grid = init_from_pandapower(net)
    if SolverType.KLU in grid.available_solvers():
        grid.change_solver(SolverType.KLU)
    load, reactive, made = net.load.p_mw.values, net.load.q_mvar.values, net.gen.p_mw.values
    v = net.res_bus["vm_pu"].values * np.exp(1j * np.radians(net.res_bus["va_degree"].values))

    def batch():
        # The setting of loads one by one from Python is not counted, only the flows.
        seconds = 0
        for k in range(COUNT):
            for i in range(len(load)):
                grid.change_p_load(i, load[i] * factor(k))
                grid.change_q_load(i, reactive[i] * factor(k))
            for i in range(len(made)):
                grid.change_p_gen(i, made[i] * factor(k))
            start = time.perf_counter()
            if len(grid.ac_pf(v.copy(), 10, 1e-8)) == 0:
                raise SystemExit("lightsim2grid: no convergence")
            seconds += time.perf_counter() - start
        return seconds

    return 1000 * sorted(batch() for _ in range(4))[1] / COUNT


print(globals()[sys.argv[1]](sys.argv[2]))
