"""Peers of the differential-privacy and learning figures, one thread: prints one JSON line a task. Input: a JSON file with the rows to train on."""
import json, statistics, sys, time

def median_seconds(run, runs=3):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result

def accounting():
    from dp_accounting import dp_event
    from dp_accounting.pld import PLDAccountant
    def run():
        a = PLDAccountant()
        a.compose(dp_event.PoissonSampledDpEvent(0.05, dp_event.GaussianDpEvent(0.8)), 1000)
        return a.get_epsilon(1e-6)
    seconds, epsilon = median_seconds(run)
    return {"task": "accounting", "seconds": seconds, "epsilon": epsilon}

def sampling():
    import opendp.prelude as dp
    dp.enable_features("contrib")
    m = dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=float), scale=333 ** 0.5)
    zeros = [0] * 100_000
    seconds, _ = median_seconds(lambda: m(zeros))
    return {"task": "sampling", "seconds": seconds}

def trees(path):
    import lightgbm, numpy
    with open(path) as f:
        data = json.load(f)
    x = numpy.array([[numpy.nan if v is None else v for v in row] for row in data["x"]])
    fresh = numpy.array([[numpy.nan if v is None else v for v in row] for row in data["freshX"]])
    y, fresh_y = numpy.array(data["y"]), numpy.array(data["freshY"])
    p = dict(objective="regression", num_leaves=32, max_depth=5, learning_rate=0.15, max_bin=32, min_data_in_leaf=10, lambda_l2=1.0, min_sum_hessian_in_leaf=10, num_threads=1, verbose=-1)
    def run():
        return lightgbm.train(p, lightgbm.Dataset(x, y, free_raw_data=False), num_boost_round=100)
    seconds, model = median_seconds(run)
    loss = float(((model.predict(fresh) - fresh_y) ** 2).mean() / 2)
    return {"task": "trees", "seconds": seconds, "loss": loss}

for task in (accounting, sampling, lambda: trees(sys.argv[1])):
    try:
        print(json.dumps(task()), flush=True)
    except Exception as error:  # a peer that does not run is named, the others go on
        print(json.dumps({"task": "?", "why": str(error)[:160]}), flush=True)
