import DrnCPU
@testable import DrnEngines
import DrnIR
import Testing

@Suite("Engines") struct EngineTests {
  @Test("processes are counted as Slurm, Open MPI or a person says, and a process by itself is one")
  func launches() {
    let slurm = ["SLURM_STEP_NODELIST": "a,b", "SLURM_PROCID": "3", "SLURM_STEP_NUM_TASKS": "4"]
    let mpi = ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"]
    let hand = ["DRNC_COORDINATOR": "a:1", "DRNC_PROCESS": "2", "DRNC_PROCESSES": "3"]
    for (environment, process, processes) in [
      (slurm, 3, 4), (mpi, 1, 2), (hand, 2, 3), (mpi.merging(hand) { $1 }, 2, 3), ([:], 0, 1),
      // A script under Slurm that is no step, a step of one task, and numbers that cannot be.
      (["SLURM_JOB_ID": "1", "SLURM_PROCID": "0", "SLURM_NTASKS": "8"], 0, 1), (slurm.merging(["SLURM_STEP_NUM_TASKS": "1"]) { $1 }, 0, 1),
      (mpi.merging(["OMPI_COMM_WORLD_RANK": "2"]) { $1 }, 0, 1), (mpi.merging(["OMPI_COMM_WORLD_SIZE": "x"]) { $1 }, 0, 1),
    ] as [([String: String], Int, Int)] {
      let launch = ProcessLaunch(environment: environment)
      #expect(launch.process == process && launch.processes == processes, "\(environment)")
    }
  }

  /// A segment of y = 2 x, x of 3 rows and 17 columns, and a next w = w + w.
  private func host() throws -> (Segment, Module) {
    var b = Builder(function: "step", in: Module(name: "m"))
    let x = b.argument("x", role: .batch, .f32([3, 17]))
    let w = b.argument("w", role: .weight, .f32([5]))
    let labels = b.argument("labels", role: .batch, TensorType(.i32, [3]))
    b.result("y", role: .output, try b.add(x, x))
    b.result("w", role: .weight, try b.add(w, w))
    b.result("rows", role: .output, try b.gatherRows(labels, x))
    var module = Module(name: "m")
    module.set(b.function)
    return (try Segment(module: module, functions: ["step"], threads: 1), module)
  }

  @Test("the executor runs on its own ports, and asks for no other form of the functions")
  func executor() throws {
    let (segment, _) = try host()
    let program = try CPUEngine().program(["step"], host: segment) { _ throws(IRError) in throw IRError("asked for") }
    #expect(program.isHost && program.runs("step") && !program.runs("other") && CPUEngine().identity == nil)
    try segment.write("x", (0..<51).map(Float.init))
    try segment.write("w", [1, 2, 3, 4, 5])
    try segment.writeLabels("labels", [2, 0, 1])
    try program.load()
    try program.run("step")
    try program.store()
    #expect(try segment.read("y") == (0..<51).map { 2 * Float($0) } && segment.read("w") == [2, 4, 6, 8, 10])
    #expect(throws: EngineError.self) { try program.run("other") }
  }

  @Test("ports give and take their bytes without the gaps between rows")
  func bytes() throws {
    let (segment, _) = try host()
    let x = try segment.argument("x")
    let values = (0..<51).map { Float($0) / 4 }
    let bytes = values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    try x.write(values)
    #expect(x.byteCount == 204 && x.bytes() == bytes)
    try x.fill(0)
    try x.write(bytes: bytes)
    #expect(try x.read() == values)
    let labels = try segment.argument("labels")
    try labels.write(bytes: [1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255])
    #expect(try labels.withLabels { [$0[0], $0[1], $0[2]] } == [1, 2, -1])
    #expect(throws: ExecutionError.self) { try labels.write(bytes: [1]) }
  }

  @Test("a tensor is taken apart over devices and put together again, by any axis")
  func divisions() {
    let (shape, bytes) = ([2, 6, 3], (0..<144).map { UInt8($0) })
    for (axis, devices, extents) in [(0, 2, [1, 6, 3]), (1, 3, [2, 2, 3]), (2, 3, [2, 6, 1]), (nil, 4, [2, 6, 3])] as [(Int?, Int, [Int])] {
      let division = AxisDivision(shape: shape, axis: axis, elementBytes: 4, devices: devices)
      #expect(division.extents == extents && division.partBytes == extents.reduce(4, *))
      var whole = [UInt8](repeating: 255, count: 144)
      for device in 0..<devices { division.put(division.part(device, of: bytes), device, into: &whole) }
      #expect(whole == bytes)
    }
    // The second of three devices has the elements [:, 2..<4, :].
    let second = AxisDivision(shape: shape, axis: 1, elementBytes: 4, devices: 3).part(1, of: bytes)
    #expect(second == Array(bytes[24..<48] + bytes[96..<120]))
    let scalar = AxisDivision(shape: [], axis: nil, elementBytes: 8, devices: 2)
    #expect(scalar.extents == [] && scalar.partBytes == 8)
  }

  @Test("options of a compilation are those of the message's schema, for few devices and for many")
  func compileOptions() {
    #expect(PJRTExecutable.options(devices: 1) == [0x1A, 4, 0x20, 1, 0x28, 1])
    #expect(PJRTExecutable.options(devices: 4) == [0x1A, 9, 0x20, 1, 0x28, 4, 0x30, 1, 0x98, 1, 1])
    #expect(PJRTExecutable.options(devices: 300) == [0x1A, 10, 0x20, 1, 0x28, 0xAC, 0x02, 0x30, 1, 0x98, 1, 1])
  }
}
