import DrnIR
import DrnPasses
import DrnTestSupport
import Testing

@Suite("The order of products over several devices") struct DividedContractionTests {
  /// x U V with so many rows of x.
  private func shapes(rows: Int, devices: Int) throws -> [[Int]] {
    var b = Builder(function: "step", in: Module(name: "m"))
    let x = b.argument("x", role: .batch, .f32([Dimension(rows), 512]))
    let u = b.argument("u", role: .weight, .f32([512, 384]))
    let v = b.argument("v", role: .weight, .f32([384, 512]))
    b.result("y", role: .output, try b.product([x, u, v]))
    var module = Module(name: "m")
    module.set(b.function)
    let made = try #require(try makePortable(module, roots: ["step"], devices: devices).function("step"))
    return made.operations.filter { $0.opcode == .matmul }.compactMap { $0.results.first.flatMap { made.type(of: $0).extents } }
  }

  @Test("factors are multiplied with each other first where the whole batch pays for it, and not where the rows of one device do not")
  func rowsOfOneDevice() throws {
    #expect(try shapes(rows: 8192, devices: 1).first == [512, 512])
    #expect(try shapes(rows: 8192, devices: 64).first == [8192, 384])
    #expect(try shapes(rows: 128, devices: 1).first == [128, 384])
    // Devices that do not divide the batch have all of it.
    #expect(try shapes(rows: 8192, devices: 3).first == [512, 512])
  }
}
