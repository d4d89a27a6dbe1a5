/// The process beside drnc that holds jax: a script that is handed to the interpreter as it stands here, so that nothing has to be installed with drnc.
///
/// Frames pass over its standard input and output: the length of a head in JSON (32 bits, lowest byte first), the head, and the bytes of as many
/// arrays as `sizes` of the head announces. Every request is answered by one frame; an answer with `error` leaves the worker as it was. What libraries print
/// goes to standard error. The worker ends when its input does.
///
/// `jax.extend.backend` is public; of `jaxlib.xla_client` it uses `CompileOptions`, `DeviceAssignment` and `DeviceList`.
enum WorkerScript {
  static let text = #"""
    import json, os, struct, sys

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)


    def receive(count):
        data = requests.read(count)
        if len(data) < count:
            sys.exit(0)
        return data


    def send(head, arrays=()):
        parts = [array.tobytes() for array in arrays]
        head["sizes"] = [len(part) for part in parts]
        encoded = json.dumps(head).encode()
        answers.write(b"".join([struct.pack("<I", len(encoded)), encoded, *parts]))
        answers.flush()


    wanted = int(sys.argv[1])
    try:
        import jax
        import numpy

        jax.config.update("jax_enable_x64", True)
        if wanted:
            jax.config.update("jax_num_cpu_devices", wanted)
        together = int(sys.argv[2]) > 1
        if together:
            jax.config.update("jax_cpu_collectives_implementation", "gloo")
            if "DRNC_COORDINATOR" in os.environ:
                jax.distributed.initialize(os.environ["DRNC_COORDINATOR"], int(sys.argv[2]), int(sys.argv[3]))
            else:
                jax.distributed.initialize()
        from jax.experimental import multihost_utils
        from jax.extend import backend
        from jax.sharding import Mesh, NamedSharding, PartitionSpec
        from jaxlib import xla_client

        client, devices = backend.get_backend(), jax.devices()
        if wanted and not together:
            if wanted > len(devices):
                raise RuntimeError(f"there are {len(devices)} devices, and {wanted} are asked for")
            devices = devices[:wanted]
        elif not together and client.platform == "cpu":
            devices = devices[:1]
        mesh = Mesh(numpy.array(devices), ("data",))
    except Exception as error:
        send({"error": f"{type(error).__name__}: {error}"})
        os._exit(1)

    KINDS = {"f32": numpy.float32, "i32": numpy.int32, "u64": numpy.uint64}
    HELD = {"weight", "frozen", "state", "buffer"}
    programs = {}


    def sharding(port):
        axis = port.get("divided")
        return NamedSharding(mesh, PartitionSpec(*[None] * axis, "data") if axis is not None else PartitionSpec())


    def placed(values, shardings):
        if together:
            return [jax.make_array_from_callback(v.shape, s, lambda index, v=v: v[index]) for v, s in zip(values, shardings)]
        return jax.device_put(values, shardings)


    class Function:
        def __init__(self, text, manifest):
            options = xla_client.CompileOptions()
            build = options.executable_build_options
            options.num_replicas = build.num_replicas = 1
            options.num_partitions = build.num_partitions = len(devices)
            build.use_spmd_partitioning = build.use_shardy_partitioner = len(devices) > 1
            build.device_assignment = xla_client.DeviceAssignment.create(numpy.array([[d.id for d in devices]]))
            self.executable = client.compile_and_load(text, xla_client.DeviceList(tuple(devices)), options)
            self.arguments, self.results = manifest["arguments"], manifest["results"]
            self.given = [(KINDS[a["element"]], tuple(a["shape"])) for a in self.arguments if a["role"] not in HELD]
            self.shardings = [sharding(a) for a in self.arguments if a["role"] not in HELD]
            self.held = {r["name"]: sharding(r) for r in self.results if r["role"] in HELD}

        def __call__(self, state, data):
            given = [numpy.frombuffer(d, kind).reshape(shape) for d, (kind, shape) in zip(data, self.given)]
            fresh = iter(placed(given, self.shardings))
            arguments = [state[a["name"]] if a["role"] in HELD else next(fresh) for a in self.arguments]
            if len(devices) == 1:
                parts = [[part] for part in self.executable.execute(arguments)]
            else:
                parts = self.executable.execute_sharded(arguments).disassemble_into_single_device_arrays()
            outputs = []
            for port, part in zip(self.results, parts):
                if port["role"] in HELD:
                    name, shape = port["name"], tuple(port["shape"])
                    one = len(devices) == 1
                    state[name] = part[0] if one else jax.make_array_from_single_device_arrays(shape, self.held[name], part)
                elif port.get("divided") is not None:
                    rows = numpy.concatenate([numpy.asarray(value) for value in part])
                    outputs.append(multihost_utils.process_allgather(rows, tiled=True) if together else rows)
                else:
                    outputs.append(numpy.asarray(part[0]))
            return outputs


    def compile(head, data):
        texts = {f["function"]: (text.decode(), f) for f, text in zip(head["functions"], data)}
        programs[head["program"]] = {"functions": {n: Function(*given) for n, given in texts.items()}, "state": {}}
        return []


    def load(head, data):
        # The values of process 0 are everybody's: a transition may round in another way on another kind of processor.
        values = [numpy.frombuffer(d, numpy.float32).reshape(t["shape"]) for t, d in zip(head["tensors"], data)]
        if together:
            values = [numpy.asarray(v) for v in multihost_utils.broadcast_one_to_all(values)]
        arrays = placed(values, [sharding(t) for t in head["tensors"]])
        programs[head["program"]]["state"] = {t["name"]: array for t, array in zip(head["tensors"], arrays)}
        return []


    def run(head, data):
        program = programs[head["program"]]
        return program["functions"][head["function"]](program["state"], data)


    def whole(array):
        if array.is_fully_replicated:
            return numpy.asarray(array.addressable_shards[0].data)
        return multihost_utils.process_allgather(array, tiled=True) if together else numpy.asarray(array)


    def store(head, data):
        state = programs[head["program"]]["state"]
        return [whole(state[name]) for name in head["tensors"]]


    def drop(head, data):
        programs.pop(head["program"], None)
        return []


    ACTIONS = {"compile": compile, "load": load, "run": run, "store": store, "drop": drop}
    send({
        "version": jax.__version__, "platform": client.platform, "kind": devices[0].device_kind, "devices": len(devices),
        "process": jax.process_index(), "processes": jax.process_count(),
    })
    while True:
        (length,) = struct.unpack("<I", receive(4))
        head = json.loads(receive(length))
        data = [receive(size) for size in head["sizes"]]
        try:
            arrays = ACTIONS[head["do"]](head, data)
        except Exception as error:
            send({"error": f"{type(error).__name__}: {error}"})
        else:
            send({}, [numpy.ascontiguousarray(array) for array in arrays])
    """#
}
