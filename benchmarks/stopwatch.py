"""What the peers measure: the time of a step, and how much memory the process has."""
import json
import statistics
import time


def add_precision(parser):
    """The option by which a peer multiplies bfloat16."""
    parser.add_argument("--precision", choices=["single", "bfloat16"], default="single", help="what products multiply")


def taking_part(peers, precision):
    """The peers that multiply so: bfloat16 PyTorch alone."""
    return peers if precision == "single" else [peer for peer in peers if peer.startswith("torch")]


def autocast(precision):
    """PyTorch's own choice of what is computed in bfloat16, where that is asked for."""
    import torch

    return torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")


def in_precision(program, precision):
    """The text of a program with the setting."""
    return program if precision == "single" else program.replace("  seed:", f"  precision: {precision}\n  seed:", 1)


def resident():
    """Bytes of resident memory now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def peak():
    """Bytes of resident memory at its greatest."""
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024


def times(step, count):
    """Milliseconds of each of so many steps."""
    result = []
    for _ in range(count):
        begin = time.perf_counter()
        step()
        result.append((time.perf_counter() - begin) * 1e3)
    return result


def report(milliseconds, **more):
    """Prints what the benchmarks read."""
    print(json.dumps({"median": statistics.median(milliseconds), "best": min(milliseconds), **more}))


def measure(step, warm_up, steps):
    """Warms up, times, and reports the growth of memory since before, at its greatest."""
    ready = resident()
    for _ in range(warm_up):
        step()
    grown = resident() - ready
    milliseconds = times(step, steps)
    report(milliseconds, memory=max(grown, peak() - ready))
